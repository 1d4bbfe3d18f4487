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
    /// The data file's map is full.
    case mapFull
    /// The store is being compacted already.
    case compacting
    /// The disk has no room for what was asked.
    case noRoom
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

extension StoreError {
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
    case .system(let number): code = .system(number)
    case .stopped: code = .closed
    case .keyExists, .badValueSize, .badTransaction, .other: code = .failed
    }
    self.init(code: code, message: error.message + next)
  }
}

/// Runs `body` and gives its failure as the store's.
@inline(__always)
func storing<Value: ~Copyable>(
  _ body: () throws(LMDBError) -> Value
) throws(StoreError) -> Value {
  do { return try body() } catch { throw StoreError(error) }
}
