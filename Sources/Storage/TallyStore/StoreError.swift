internal import EventLog
internal import Glibc
internal import LMDB

/// Why the store refused or failed.
package struct StoreError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it is, to switch on.
  package enum Code: Sendable, Equatable {
    /// The data directory is open already, here or in another process.
    case alreadyOpen
    /// The data directory lies on a network filesystem.
    case networkFilesystem
    /// The data directory was written by a newer version.
    case newerFormat
    /// The data directory was written by an older version, and this one cannot bring it up to date.
    case olderFormat
    /// The data file's map is full.
    case mapFull
    /// The store is being compacted already.
    case compacting
    /// The disk has no room for what was asked.
    case noRoom
    /// The disk is full, or has nothing but its reserve: it may go well once there is room.
    case diskFull
    /// A commit failed, perhaps in its sync; the number is the errno. What was dirty may count as
    /// clean now and not be on disk: the file is not written or synced again before a restart.
    case commitFailed(Int32)
    /// All reader slots are taken: try later.
    case readersFull
    /// Stored bytes are damaged, or a number is not the sum of what lies behind it.
    case dataLoss
    /// A log record cannot be applied.
    case badRecord
    /// Writing is not possible until a restart or until somebody acts.
    case unavailable
    /// The store is closed.
    case closed
    /// The operating system refused; the number is its errno.
    case system(Int32)
    /// Any other failure.
    case failed
  }

  package let code: Code
  /// What failed, on what, with which numbers, and what to do next.
  package let message: String

  package init(code: Code, message: String) {
    self.code = code
    self.message = message
  }

  package var description: String { message }
}

extension StoreError.Code {
  /// Whether there is no room, so that it may go well once there is some.
  var asksForRoom: Bool { self == .mapFull || self == .diskFull }

  /// Whether a fold may go well later without a restart: once readers have given pages back, the
  /// disk has room, or the system has memory and files again.
  var isPassing: Bool {
    switch self {
    case .mapFull, .diskFull, .system, .failed: true
    default: false
    }
  }

  /// Whether the data file is not to be touched again, not even by a smaller fold.
  var isFinal: Bool {
    if case .commitFailed = self { return true }
    return false
  }
}

extension StoreError {
  /// Stored records contradict each other.
  package static func damaged(_ table: TableID, _ what: String) -> StoreError {
    StoreError(
      code: .dataLoss,
      message: "table '\(table.name)' is damaged: \(what). Run tally verify, or restore the newest"
        + " backup into a new data directory; the log brings it up to date")
  }

  init(_ error: LMDBError) {
    let code: Code
    var next = ""
    switch error.code {
    case .alreadyOpen: code = .alreadyOpen
    case .networkFilesystem: code = .networkFilesystem
    case .mapFull: code = .mapFull
    case .readersFull: code = .readersFull
    case .damaged:
      code = .dataLoss
      next =
        ". Nothing was changed. Restore the newest backup into a new data directory; the log brings"
        + " it up to date"
    case .broken:
      code = .unavailable
      next = ": restart the server"
    case .system(let number): code = FreeSpace.isExhausted(number) ? .diskFull : .system(number)
    case .stopped: code = .closed
    case .keyExists, .badValueSize, .badTransaction, .other: code = .failed
    }
    self.init(code: code, message: error.message + next)
  }
}

extension StoreError {
  /// For a commit that failed. liblmdb does not say in which call: a write that failed would be
  /// harmless, a sync not, so all but what happens before both is taken for a sync.
  init(ofCommit error: LMDBError) {
    guard case .system(let number) = error.code, number != ENOMEM else {
      self.init(error)
      return
    }
    self.init(
      code: .commitFailed(number),
      message: error.message + ": the data file is not written again, restart the server once its"
        + " disk is well")
  }
}

/// Runs `body` and gives its failure as the store's.
@inline(__always)
func storing<Value: ~Copyable>(
  _ body: () throws(LMDBError) -> Value
) throws(StoreError) -> Value {
  do { return try body() } catch { throw StoreError(error) }
}
