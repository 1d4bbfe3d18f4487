internal import Synchronization

/// What waits for the log thread. Bounded: who reads ingest streams asks `hasRoom` before the next
/// message; a batch already in hand is taken.
final class LogQueue: Sendable {
  enum Work {
    case entries([LogEntry])
    /// All is written and the log is to end.
    case stop(isClean: Bool)
    /// The deadline has passed.
    case idle
  }

  private enum Phase {
    case open
    case closing
    case abandoned
    /// Until the log thread has room again.
    case paused(EventLogError)
    case readOnly(EventLogError)
  }

  private struct State {
    var phase = Phase.open
    var entries: [LogEntry] = []
    /// Entries before this one are taken; `takenBytes` of them are still held here.
    var head = 0
    var takenBytes = 0
    var bytes = 0
    var waiting: [@Sendable () -> Void] = []
  }

  static let groupBytesMax = 4 << 20
  static let groupEntriesMax = 256

  private let boundBytes: Int
  private let state = Monitor(State())
  private let roomy = Atomic(true)

  init(boundBytes: Int) {
    self.boundBytes = boundBytes
  }

  var hasRoom: Bool { roomy.load(ordering: .acquiring) }

  /// Entries and bytes that wait.
  var depth: (entries: Int, bytes: Int) {
    state.withLock { ($0.entries.count - $0.head, $0.bytes) }
  }

  /// Why nothing is taken any more.
  var refusal: EventLogError? { state.withLock { Self.refusal($0.phase) } }

  /// Calls `body` once there is room: now, or on the log thread.
  func whenRoom(_ body: @escaping @Sendable () -> Void) {
    let isNow = state.withLock { state -> Bool in
      if state.bytes < boundBytes { return true }
      state.waiting.append(body)
      return false
    }
    if isNow { body() }
  }

  /// - Returns: why the entry was not taken.
  func add(_ entry: LogEntry) -> EventLogError? {
    state.change { state in
      if let refusal = Self.refusal(state.phase) { return refusal }
      state.entries.append(entry)
      state.bytes += entry.loggedBytes
      if state.bytes >= boundBytes { roomy.store(false, ordering: .releasing) }
      return nil
    }
  }

  /// Waits for work. A group holds what fits into `room` bytes and the bounds, at least one entry.
  func next(room: Int, until deadline: Int64?) -> Work {
    let work = state.wait(until: deadline) { state -> Work? in
      if case .abandoned = state.phase { return .stop(isClean: false) }
      if state.head < state.entries.count { return .entries(Self.take(&state, room: room)) }
      if case .closing = state.phase { return .stop(isClean: true) }
      return nil
    }
    guard let work else { return .idle }
    if case .entries = work { notifyRoom() }
    return work
  }

  /// Ends the log once all that waits is written.
  func close() { state.change { $0.phase = .closing } }

  /// Ends the log at once, as a crash would.
  func abandon() { state.change { $0.phase = .abandoned } }

  /// Takes nothing more, for now if the disk is full and else for good, and gives back what waits.
  func refuse(because error: EventLogError) -> [LogEntry] {
    let left = state.change { state -> [LogEntry] in
      switch state.phase {
      case .open, .paused: state.phase = error.code == .full ? .paused(error) : .readOnly(error)
      case .closing, .abandoned, .readOnly: break
      }
      return Self.takeAll(&state)
    }
    notifyRoom()
    return left
  }

  /// Takes entries again after a pause.
  func resume() {
    state.change { state in
      if case .paused = state.phase { state.phase = .open }
    }
  }

  private func notifyRoom() {
    let woken = state.withLock { state -> [@Sendable () -> Void] in
      guard state.bytes < boundBytes else { return [] }
      roomy.store(true, ordering: .releasing)
      defer { state.waiting = [] }
      return state.waiting
    }
    for body in woken { body() }
  }

  private static func refusal(_ phase: Phase) -> EventLogError? {
    switch phase {
    case .open: nil
    case .closing, .abandoned: EventLogError(code: .closed, message: "the event log is closed")
    case .paused(let error), .readOnly(let error): error
    }
  }

  private static func take(_ state: inout State, room: Int) -> [LogEntry] {
    var bytes = 0
    var end = state.head
    let limit = min(room, groupBytesMax)
    while end < state.entries.count && end - state.head < groupEntriesMax {
      let size = state.entries[end].loggedBytes
      if end > state.head && bytes + size > limit { break }
      bytes += size
      end += 1
    }
    let group = Array(state.entries[state.head..<end])
    state.bytes -= bytes
    state.head = end
    state.takenBytes += bytes
    if state.takenBytes > groupBytesMax || state.head > state.entries.count / 2 {
      state.entries.removeFirst(state.head)
      state.head = 0
      state.takenBytes = 0
    }
    return group
  }

  private static func takeAll(_ state: inout State) -> [LogEntry] {
    let left = Array(state.entries[state.head...])
    state.entries = []
    state.head = 0
    state.bytes = 0
    return left
  }
}
