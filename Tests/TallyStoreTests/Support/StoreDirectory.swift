internal import Foundation
internal import LMDB
internal import TallyModel

@testable internal import TallyStore

/// A data file for one test, gone with it.
final class StoreDirectory {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "tally-store-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func open() throws -> Database {
    try Database(
      directory: path,
      options: .init(mapSizeBytes: 256 << 20, newStoreID: Array(repeating: 5, count: 16)))
  }
}

/// Drives a fold as the pipeline does: a tenant record, then batches.
final class FoldDriver {
  static let tenant = "default"
  let database: Database
  let fold: Fold
  private(set) var position: UInt64 = 0
  private(set) var verdicts: [EventVerdict] = []

  init(_ database: Database) {
    self.database = database
    fold = Fold(database, numberSlots: 1 << 6)
  }

  /// Applies each batch, committing after as many as `perFold` says, at last once.
  func apply(_ batches: [[Event]], perFold: Int = .max, tenant: String = tenant) throws {
    var rest = batches[...]
    repeat {
      try fold.begin()
      for batch in rest.prefix(perFold) { try add(batch, tenant) }
      rest = rest.dropFirst(perFold)
      let result = try fold.finish()
      verdicts += result.verdicts.map { EventVerdict(rawValue: $0)! }
    } while !rest.isEmpty
  }

  private func add(_ batch: [Event], _ tenant: String) throws {
    let name = Array(tenant.utf8)
    var events: [UInt8] = []
    for event in batch { event.appendRecord(to: &events) }
    try name.withUnsafeBytes { name in
      if try !fold.hasTenant(name) {
        position += 1
        let secret = [UInt8](repeating: 9, count: 32)
        try secret.withUnsafeBytes {
          try fold.applyTenant(
            position: position, acceptedAt: Int64(position), name: name, secret: $0)
        }
      }
      position += 1
      try events.withUnsafeBytes {
        try fold.applyBatch(
          position: position, acceptedAt: Int64(position), tenant: name, events: $0,
          count: batch.count)
      }
    }
  }
}

/// Every record of a data file.
struct Dump: Equatable {
  var records: [TableID: [[UInt8]: [UInt8]]] = [:]

  init(_ database: Database) throws {
    let snapshot = try database.snapshot()
    for table in TableID.allCases {
      var cursor = try snapshot.records(table, prefix: .none, atLeast: 0)
      while try cursor.next() { records[table, default: [:]][cursor.key.array] = cursor.body.array }
    }
  }

  /// Where two dumps differ.
  func differences(from other: Dump) -> [String] {
    TableID.allCases.flatMap { table -> [String] in
      let (mine, others) = (records[table] ?? [:], other.records[table] ?? [:])
      return Set(mine.keys).union(others.keys).filter { mine[$0] != others[$0] }.map {
        "\(table.name) \($0): \(mine[$0] ?? []) is not \(others[$0] ?? [])"
      }
    }
  }
}

/// Changes a stored value behind the store's back.
func overwrite(
  _ table: TableID, _ key: [UInt8], in database: Database, seals: Bool = true,
  _ change: (inout [UInt8]) -> Void
) throws {
  let handle = database.tables[table]
  var value: [UInt8] = []
  do {
    let reader = try database.environment.read()
    value = try key.withUnsafeBytes { Array(try reader.uncheckedGet(handle, $0)!) }
  }
  change(&value)
  if seals {
    let body = Array(value.dropLast(4))
    let checksum = key.withUnsafeBytes { key in
      body.withUnsafeBytes { Checksum.of(key, $0) }
    }
    value = body + withUnsafeBytes(of: checksum.littleEndian) { Array($0) }
  }
  let transaction = try database.environment.write()
  try transaction.put(handle, key.span.bytes, value.span.bytes)
  try transaction.commit()
}
