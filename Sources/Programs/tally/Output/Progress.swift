internal import Glibc

/// How far a long command has come: a bar on a terminal, else now and then a plain line.
///
/// Both go to standard error, so that standard output holds only what was asked for.
struct Progress {
  /// How it shows.
  enum Look: Equatable {
    case bar(columns: Int)
    case lines
    case none
  }

  /// What is known at one moment.
  struct State {
    /// In whatever unit the total has.
    var done: UInt64
    /// `nil` when nobody knows.
    var total: UInt64?
    /// How many things were counted.
    var count: UInt64
  }

  private static let barInterval = Duration.milliseconds(100)
  private static let lineInterval = Duration.seconds(5)

  let look: Look
  /// What is counted, in the plural.
  var things: String
  private let start = ContinuousClock.now
  private var shown: ContinuousClock.Instant
  private var hasBar = false

  init(look: Look, things: String) {
    self.look = look
    self.things = things
    shown = start
  }

  /// A bar if standard error is a terminal.
  static func fitting(quiet: Bool) -> Look {
    if quiet { return .none }
    return isatty(STDERR_FILENO) == 1 ? .bar(columns: terminalWidth(STDERR_FILENO) ?? 80) : .lines
  }

  /// Shows the state if the last one is old enough.
  mutating func update(_ state: @autoclosure () -> State) {
    let now = ContinuousClock.now
    switch look {
    case .none: return
    case .bar(let columns):
      if now - shown < Self.barInterval { return }
      standardError("\r\u{1B}[K" + Self.bar(state(), after: now - start, columns, things))
      hasBar = true
    case .lines:
      if now - shown < Self.lineInterval { return }
      standardError(Self.line(state(), after: now - start, things) + "\n")
    }
    shown = now
  }

  /// Takes the bar away, so that something else can be written.
  mutating func clear() {
    if hasBar { standardError("\r\u{1B}[K") }
    hasBar = false
  }

  /// `[████████░░░░]  62 %  1,234,567 events  152,345/s  0:12 left`
  static func bar(
    _ state: State, after elapsed: Duration, _ columns: Int, _ things: String
  ) -> String {
    let rate = rate(state.count, elapsed)
    let counted = "\(grouped(state.count)) \(things)  \(grouped(rate))/s"
    guard let share = state.share else { return counted.cut(toWidth: columns - 1) }
    let seconds = elapsed.seconds
    let left = share > 0 ? Int((seconds / share - seconds).rounded(.up)) : 0
    let time = "\(left / 60):\(left % 60 < 10 ? "0" : "")\(left % 60)"
    let tail = "  \(Int(share * 100)) %  \(counted)  \(time) left"
    let room = min(40, columns - 1 - tail.displayWidth - 2)
    if room < 5 { return tail.dropFirst(2).description.cut(toWidth: columns - 1) }
    let full = Int(share * Double(room))
    return "[" + String(repeating: "█", count: full)
      + String(repeating: "░", count: room - full) + "]" + tail
  }

  /// `1,234,567 events, 152,345/s, 62 %`
  static func line(_ state: State, after elapsed: Duration, _ things: String) -> String {
    let share = state.share.map { ", \(Int($0 * 100)) %" } ?? ""
    return "\(grouped(state.count)) \(things), \(grouped(rate(state.count, elapsed)))/s\(share)"
  }

  private static func rate(_ count: UInt64, _ elapsed: Duration) -> Int {
    elapsed.seconds > 0 ? Int(Double(count) / elapsed.seconds) : 0
  }
}

extension Progress.State {
  fileprivate var share: Double? {
    guard let total, total > 0 else { return nil }
    return min(1, Double(done) / Double(total))
  }
}

extension Duration {
  /// As a number, for rates.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}

/// Writes to standard error; if that fails, nobody is left to tell.
func standardError(_ text: String) {
  var text = text
  text.withUTF8 { bytes in
    var rest = UnsafeRawBufferPointer(bytes)
    while rest.count > 0 {
      let written = write(STDERR_FILENO, rest.baseAddress, rest.count)
      if written <= 0 { return }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
    }
  }
}

/// Columns of the terminal behind a descriptor, `nil` if it is none.
func terminalWidth(_ descriptor: Int32) -> Int? {
  var size = winsize()
  guard isatty(descriptor) == 1, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0,
    size.ws_col > 0
  else { return nil }
  return Int(size.ws_col)
}
