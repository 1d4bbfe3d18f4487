internal import Glibc
internal import Synchronization

/// The read transactions that are open, with the time each began.
///
/// An old one is what makes a data file grow: no page that was freed since can be written again.
final class OpenReads: Sendable {
  private let started = Mutex<[ObjectIdentifier: Int64]>([:])

  func enter(_ transaction: TransactionHandle) {
    let now = Self.now()
    let key = ObjectIdentifier(transaction)
    started.withLock { $0[key] = now }
  }

  func leave(_ transaction: TransactionHandle) {
    let key = ObjectIdentifier(transaction)
    _ = started.withLock { $0.removeValue(forKey: key) }
  }

  var status: OpenReadsStatus {
    let (count, first) = started.withLock { ($0.count, $0.values.min()) }
    return OpenReadsStatus(count: count, oldestNanoseconds: first.map { Self.now() - $0 } ?? 0)
  }

  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}

/// How many read transactions are open.
package struct OpenReadsStatus: Sendable, Equatable {
  package let count: Int
  /// The age of the oldest, 0 without one.
  package let oldestNanoseconds: Int64

  package init(count: Int, oldestNanoseconds: Int64) {
    self.count = count
    self.oldestNanoseconds = oldestNanoseconds
  }
}
