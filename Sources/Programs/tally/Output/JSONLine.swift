internal import TallyMessages

extension Message {
  /// The message as one line of canonical protobuf JSON.
  func jsonLine() -> String {
    "{}"
  }
}
