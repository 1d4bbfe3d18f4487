internal import Foundation

/// The layouts that an article states: tables whose columns are `at`, `bytes` and `what`.
package struct Article {
  /// One row of a table.
  package struct Field: Equatable {
    /// Nil where it depends on what comes before.
    package let offset: Int?
    /// Nil where it depends on the record.
    package let size: Int?
    /// Of lists: as many as there are.
    package let isRepeated: Bool
    package let what: String
  }

  package struct Table {
    /// The last line of text before the table, or the paragraph that ends there.
    package let caption: String
    package let fields: [Field]
  }

  package let tables: [Table]

  /// - Parameter path: from the root of the repository.
  package init(_ path: String) throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    try self.init(text: String(contentsOf: root.appending(path: path), encoding: .utf8))
  }

  package init(text: String) throws {
    var tables: [Table] = []
    var paragraph: [String] = []
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }[
      ...]
    while let line = lines.popFirst() {
      if line == "| at | bytes | what |" {
        _ = lines.popFirst()
        var fields: [Field] = []
        while let row = lines.first, row.hasPrefix("|") {
          lines.removeFirst()
          fields.append(Self.field(row))
        }
        tables.append(Table(caption: paragraph.joined(separator: " "), fields: fields))
        paragraph = []
      } else if line.isEmpty {
        // A caption stands just before its table, an empty line between.
        if lines.first != "| at | bytes | what |" { paragraph = [] }
      } else {
        paragraph.append(line)
      }
    }
    self.tables = tables
  }

  private static func field(_ row: String) -> Field {
    let cells = row.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
      .map { $0.trimmingCharacters(in: .whitespaces) }
    let words = cells[1].split(separator: " ")
    return Field(
      offset: Int(cells[0].replacing(",", with: "")),
      size: words.first.flatMap { Int($0.replacing(",", with: "")) },
      isRepeated: words.count == 2 && words[1] == "each", what: cells[2])
  }
}

/// A value and what it is, as the article is to say it.
package struct StatedField: Sendable {
  package let what: String
  package let bytes: [UInt8]

  package init(_ what: String, _ bytes: [UInt8]) {
    self.what = what
    self.bytes = bytes
  }

  package init<Number: FixedWidthInteger>(_ what: String, _ number: Number) {
    self.init(what, withUnsafeBytes(of: number.littleEndian) { Array($0) })
  }
}

extension Article.Table {
  /// Reads a record by the offsets and sizes of the table, and says where it is not what was put
  /// into it, or where the table does not say all of it.
  package func faults(reading record: [UInt8], _ stated: [StatedField]) -> [String] {
    var faults: [String] = []
    var end = 0
    if fields.count != stated.count {
      faults.append("\(fields.count) rows for \(stated.count) fields")
    }
    for (field, stated) in zip(fields, stated) {
      let offset = field.offset ?? end
      if offset != end { faults.append("'\(field.what)' at \(offset), not \(end)") }
      if !field.what.hasPrefix(stated.what) {
        faults.append("'\(field.what)' in place of '\(stated.what)'")
      }
      let count = stated.bytes.count
      if let size = field.size, field.isRepeated ? count % size != 0 : count != size {
        faults.append("'\(field.what)' has \(count) bytes, not \(size)")
      }
      guard offset + count <= record.count else {
        faults.append("'\(field.what)' ends beyond the record")
        return faults
      }
      if Array(record[offset..<(offset + count)]) != stated.bytes {
        faults.append(
          "'\(field.what)' is \(record[offset..<(offset + count)]), not \(stated.bytes)")
      }
      end = offset + count
    }
    if end != record.count { faults.append("\(record.count - end) bytes are in no row") }
    return faults
  }
}

/// CRC32C one bit at a time, from its definition (RFC 3720, appendix B.4).
package func plainCRC32C(_ bytes: [UInt8], from start: UInt32 = 0) -> UInt32 {
  var crc = ~start
  for byte in bytes {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0x82F6_3B78 }
  }
  return ~crc
}
