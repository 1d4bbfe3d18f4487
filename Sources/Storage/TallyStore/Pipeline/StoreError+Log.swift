internal import EventLog

extension StoreError {
  init(_ error: EventLogError) {
    let code: Code =
      switch error.code {
      case .damaged: .dataLoss
      case .newerFormat: .newerFormat
      case .unavailable, .readOnly: .unavailable
      case .full: .diskFull
      case .closed: .closed
      case .otherStore, .tooLarge, .io: .failed
      }
    self.init(code: code, message: error.message)
  }
}

/// Runs `body` and gives its failure as the store's.
func logging<Value>(_ body: () throws(EventLogError) -> Value) throws(StoreError) -> Value {
  do { return try body() } catch { throw StoreError(error) }
}
