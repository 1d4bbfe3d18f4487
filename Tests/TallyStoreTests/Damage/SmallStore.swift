internal import Foundation
internal import LMDB
internal import TallyModel
internal import TestSupport
internal import Testing

@testable internal import TallyStore

/// A small data file with everything in it: all tables, several commits, a free list, trees of two
/// levels, a value in pages of its own.
struct SmallStore {
  let bytes: [UInt8]
  let dump: Dump

  init(seed: UInt64 = 3, events more: [Event] = []) throws {
    let directory = try StoreDirectory()
    do {
      let driver = FoldDriver(try directory.open())
      var history = History(seed: seed, size: 200...200)
      for round in 0..<4 {
        try driver.apply(history.retold(UInt64(round)), perFold: 3)
        history = History(seed: seed + 1 + UInt64(round), size: 150...150)
      }
      let attempts = (0..<220).map { number in
        Event.attempt(ID("attempt-\(number)"), by: ID("user-\(number % 30)"), in: "c1")
      }
      let long = Event.course("long", tags: (0..<300).map { "a tag with the number \($0)" })
      try driver.apply([attempts, [long] + more])
    }
    bytes = try Self.read(directory)
    dump = try Dump(try directory.open())
  }

  static func read(_ directory: StoreDirectory) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: directory.path + "/data.mdb")))
  }

  static func write(_ bytes: [UInt8], to directory: StoreDirectory) {
    let file = fopen(directory.path + "/data.mdb", "w")
    #expect(file != nil && fwrite(bytes, 1, bytes.count, file) == bytes.count)
    #expect(fclose(file) == 0)
  }

  /// What a check of these bytes says; nil: nothing.
  static func fault(
    _ bytes: [UInt8], _ depth: FileCheck.Depth = .records
  ) -> String? {
    let check = FileCheck(path: "d/data.mdb", judge: StoreJudge())
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(LMDBError) in try check.check(bytes, depth) }
    }
    switch result {
    case .success: return nil
    case .failure(let error): return error.message
    }
  }

  /// Tests of every byte take minutes.
  static let isLong = ProcessInfo.processInfo.environment["TALLY_LONG"] != nil
}
