/// Who may have a read transaction now, and who waits for one.
///
/// Large reports wait in a line of their own, so that they never keep the small ones waiting.
struct Places<Report: Sendable>: Sendable {
  /// What becomes of a report that asks for a place.
  enum OnEnter: Equatable {
    case go
    case wait
    /// Too many wait already.
    case refuse
  }

  private let openLimit: Int
  private let largeLimit: Int
  private let waitingLimit: Int
  private var waiting: [(id: ObjectIdentifier, report: Report)] = []
  private var waitingLarge: [(id: ObjectIdentifier, report: Report)] = []
  private(set) var open = 0
  private(set) var large = 0

  init(_ options: ReadingOptions) {
    openLimit = options.openTransactions
    largeLimit = options.largeTransactions
    waitingLimit = options.waitingReports
  }

  /// Reports that wait for a place.
  var waitingCount: Int { waiting.count + waitingLarge.count }

  /// Asks for a place. A report starts as a small one and asks again when it turns out large.
  mutating func enter(_ report: Report, id: ObjectIdentifier, asLarge: Bool) -> OnEnter {
    if open < openLimit && (!asLarge || large < largeLimit) {
      open += 1
      if asLarge { large += 1 }
      return .go
    }
    guard waitingCount < waitingLimit else { return .refuse }
    if asLarge {
      waitingLarge.append((id, report))
    } else {
      waiting.append((id, report))
    }
    return .wait
  }

  /// A report that has a place turned out to be large: it keeps the place if there is one for it.
  mutating func becomeLarge() -> Bool {
    guard large < largeLimit else { return false }
    large += 1
    return true
  }

  /// Gives a place back.
  ///
  /// - Returns: who has a place now, and must be told.
  mutating func leave(asLarge: Bool) -> [(report: Report, asLarge: Bool)] {
    open -= 1
    if asLarge { large -= 1 }
    var next: [(report: Report, asLarge: Bool)] = []
    while open < openLimit, large < largeLimit, !waitingLarge.isEmpty {
      open += 1
      large += 1
      next.append((waitingLarge.removeFirst().report, true))
    }
    while open < openLimit, !waiting.isEmpty {
      open += 1
      next.append((waiting.removeFirst().report, false))
    }
    return next
  }

  /// A report that waits does so no longer.
  mutating func forget(id: ObjectIdentifier) {
    waiting.removeAll { $0.id == id }
    waitingLarge.removeAll { $0.id == id }
  }
}
