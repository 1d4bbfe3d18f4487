internal import EventLog
internal import Glibc
internal import Synchronization

/// The room that is left on the disk of the data directory, and whether events may still be taken.
///
/// ```
///        free < reserve                       free ≥ reserve and a quarter
/// ample ───────────────► short: none is taken ────────────────────────────► ample
/// ```
/// What is left below the reserve is for folding what was taken, for a compaction, for the next
/// segment and for a clean stop.
package final class DiskSpace: Sendable {
  private struct State {
    var freeBytes: Int?
    var isShort = false
    var measuredAt: Int64?
  }

  private let directory: String
  private let reserveBytes: Int
  private let measure: @Sendable (_ directory: String) -> Int?
  private let state = Mutex(State())

  private static let freshNanoseconds: Int64 = 100_000_000
  private static let defaultReserveBytes = 1 << 30

  /// - Parameters:
  ///   - reserveBytes: nil for 1 GiB, or a twentieth of the disk if that is less.
  ///   - measure: bytes free on the disk of a directory, nil if nobody knows.
  init(
    _ directory: String, reserveBytes: Int?, measure: @escaping @Sendable (String) -> Int?
  ) {
    self.directory = directory
    self.reserveBytes = Self.reserve(reserveBytes, of: directory)
    self.measure = measure
  }

  /// What was found at most a tenth of a second ago.
  package var status: DiskStatus {
    let now = Clocks.monotonic()
    let isDue = state.withLock { state -> Bool in
      if let then = state.measuredAt, now - then < Self.freshNanoseconds { return false }
      state.measuredAt = now
      return true
    }
    // Not within the lock: a disk that is in trouble may take its time.
    return isDue ? look() : state.withLock { status(of: $0) }
  }

  /// What is found now.
  package func look() -> DiskStatus {
    let free = measure(directory)
    return state.withLock { state in
      state.freeBytes = free
      if let free {
        let bound = state.isShort ? reserveBytes + reserveBytes / 4 : reserveBytes
        state.isShort = free < bound
      }
      return status(of: state)
    }
  }

  /// What a failed commit is taken for: on a disk that has less than its reserve a write found no
  /// room, and is tried again with other bytes. A quota is not seen in what is free.
  ///
  /// - Parameter before: as it was when the commit began: room may have come since it failed.
  func cause(of error: StoreError, after before: DiskStatus?) -> StoreError {
    guard case .commitFailed(let number) = error.code else { return error }
    let status = look()
    let least = [before?.freeBytes, status.freeBytes].compactMap(\.self).min()
    let isBelow = least.map { $0 < reserveBytes } ?? false
    guard isBelow || number == EDQUOT else { return error }
    return StoreError(
      code: .diskFull, message: "a commit found no room, \(status.refusal.message)")
  }

  private func status(of state: State) -> DiskStatus {
    DiskStatus(freeBytes: state.freeBytes, reserveBytes: reserveBytes, isShort: state.isShort)
  }

  /// Bytes that are left free on the disk of a directory: as set, or the default.
  static func reserve(_ bytes: Int?, of directory: String) -> Int {
    if let bytes { return bytes }
    var volume = statvfs()
    guard statvfs(directory, &volume) == 0 else { return defaultReserveBytes }
    return min(defaultReserveBytes, Int(volume.f_blocks) * Int(volume.f_frsize) / 20)
  }
}

/// How much room the disk of the data directory has.
package struct DiskStatus: Sendable, Equatable {
  /// Nil if the file system does not say.
  package var freeBytes: Int?
  /// With less than this free no events are taken.
  package var reserveBytes = 0
  /// Whether that is so now.
  package var isShort = false

  /// Whether it comes near: less than twice the reserve is free.
  package var isLow: Bool { freeBytes.map { $0 < 2 * reserveBytes } ?? false }

  /// What a refused batch is told.
  var refusal: StoreError {
    StoreError(
      code: .diskFull,
      message: "\(freeBytes ?? 0) bytes are free on the disk of the data directory, and"
        + " \(reserveBytes) are its reserve: make room, or give --disk-reserve a smaller one")
  }
}
