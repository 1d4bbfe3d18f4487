/// A call as long as it has no stream.
protocol WaitingCall {
  /// It does not fail because the server cannot be reached.
  var waitsForReady: Bool { get }
  /// Nobody waits for its answer any more.
  var isEnded: Bool { get }
}

/// Calls that wait, in order and up to a bound.
struct CallQueue<Call: WaitingCall> {
  let limit: Int
  private var calls: [Call] = []
  private var first = 0

  init(limit: Int) {
    self.limit = limit
  }

  var isEmpty: Bool { first == calls.count }

  /// Adds a call behind the others; `false` if too many wait already.
  mutating func add(_ call: Call) -> Bool {
    if calls.count - first >= limit {
      // Calls that were cancelled meanwhile take no place.
      _ = remove { $0.isEnded }
      guard calls.count < limit else { return false }
    }
    calls.append(call)
    return true
  }

  /// The first call that somebody still waits for.
  mutating func next() -> Call? {
    while first < calls.count {
      let call = calls[first]
      first += 1
      // Half of the memory at most is for calls that left.
      if first > calls.count / 2 {
        calls.removeFirst(first)
        first = 0
      }
      if !call.isEnded { return call }
    }
    return nil
  }

  func contains(where isMeant: (Call) -> Bool) -> Bool {
    calls[first...].contains(where: isMeant)
  }

  /// Takes all calls out.
  mutating func removeAll() -> [Call] {
    remove { _ in true }
  }

  /// Takes out the calls that `isMeant` says; the others keep their order.
  mutating func remove(where isMeant: (Call) -> Bool) -> [Call] {
    var removed: [Call] = []
    var kept: [Call] = []
    for call in calls[first...] {
      if isMeant(call) { removed.append(call) } else { kept.append(call) }
    }
    calls = kept
    first = 0
    return removed
  }
}
