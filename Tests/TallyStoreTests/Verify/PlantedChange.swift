internal import LMDB

@testable internal import TallyStore

/// What somebody does to the records of a table behind the store's back.
enum PlantedChange: CaseIterable {
  /// One bit of a value; its checksum stays.
  case flip
  case remove
  /// One byte of a value, under a new checksum.
  case rewrite
  /// A second record like the first, under another key.
  case double
  /// The values of two records, each under a new checksum.
  case exchange

  /// - Returns: false if the table has nothing that this could be done to.
  func plant(in table: TableID, of database: Database) throws -> Bool {
    var records: [(key: [UInt8], value: [UInt8])] = []
    do {
      let snapshot = try database.snapshot()
      var cursor = try snapshot.records(table, prefix: .none, atLeast: 0)
      while try cursor.next() { records.append((cursor.key.array, cursor.body.array)) }
    }
    guard !records.isEmpty else { return false }
    let (key, body) = records[records.count / 2]
    switch self {
    case .flip:
      var value = Self.sealed(key, body)
      value[0] ^= 4
      try Self.write(table, key, value, in: database)
    case .remove: try Self.write(table, key, nil, in: database)
    case .rewrite:
      guard !body.isEmpty else { return false }
      var changed = body
      changed[changed.count - 1] ^= 1
      try Self.write(table, key, Self.sealed(key, changed), in: database)
    case .double:
      var other = key
      other[other.count - 1] ^= 64
      guard !records.contains(where: { $0.key == other }) else { return false }
      try Self.write(table, other, Self.sealed(other, body), in: database)
    case .exchange:
      guard let other = records.first(where: { $0.value != body }) else { return false }
      try Self.write(table, key, Self.sealed(key, other.value), in: database)
      try Self.write(table, other.key, Self.sealed(other.key, body), in: database)
    }
    return true
  }

  /// A value with its checksum.
  static func sealed(_ key: [UInt8], _ body: [UInt8]) -> [UInt8] {
    let checksum = key.withUnsafeBytes { key in
      body.withUnsafeBytes { Checksum.of(key, $0) }
    }
    return body + withUnsafeBytes(of: checksum.littleEndian) { Array($0) }
  }

  static func write(
    _ table: TableID, _ key: [UInt8], _ value: [UInt8]?, in database: Database
  ) throws {
    let transaction = try database.environment.write()
    if let value {
      try transaction.put(database.tables[table], key.span.bytes, value.span.bytes)
    } else {
      try transaction.delete(database.tables[table], key.span.bytes)
    }
    try transaction.commit()
  }
}
