internal import CLMDB

/// Why a call into the database failed.
package struct LMDBError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it is, to switch on.
  package enum Code: Sendable, Equatable {
    /// The path is open in this process already.
    case alreadyOpen
    /// The path lies on a filesystem that cannot carry a memory map with locks.
    case networkFilesystem
    /// The map is full; the transaction is dead and the data as before it.
    case mapFull
    /// All reader slots are taken.
    case readersFull
    /// A key to be appended is not greater than the last one.
    case keyExists
    /// An empty or too long key.
    case badValueSize
    /// Pages or versions that do not fit together.
    case damaged
    /// Writing a meta page failed: liblmdb begins no transaction before the file is opened again.
    case broken
    /// A call on a transaction that has ended or failed.
    case badTransaction
    /// Ended early because somebody asked for it.
    case stopped
    /// An error number of the operating system.
    case system(Int32)
    /// Any other answer of liblmdb.
    case other(Int32)
  }

  package let code: Code
  /// What failed, on what, for a person.
  package let message: String

  package init(code: Code, message: String) {
    self.code = code
    self.message = message
  }

  package var description: String { message }

  /// The error for a return code of liblmdb.
  init(_ result: Int32, doing what: @autoclosure () -> String) {
    let code: Code =
      switch result {
      case MDB_MAP_FULL: .mapFull
      case MDB_READERS_FULL: .readersFull
      case MDB_KEYEXIST: .keyExists
      case MDB_BAD_VALSIZE: .badValueSize
      case MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_INVALID, MDB_VERSION_MISMATCH: .damaged
      case MDB_PANIC: .broken
      case MDB_BAD_TXN: .badTransaction
      case let number where number > 0: .system(number)
      default: .other(result)
      }
    self.init(
      code: code, message: "\(what()): \(String(cString: mdb_strerror(result))) (\(result))")
  }
}
