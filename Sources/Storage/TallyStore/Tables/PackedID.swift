/// The stored form of an attempt's, comment's, post's or download's id: shorter for the usual
/// kinds, in the ids' own order within a kind, no one the prefix of another, and reversible.
///
/// ```
/// 1 | 16 bytes                      UUID, 36 characters, lower case
/// 2 | 16 bytes                      ULID, 26 characters, upper case
/// 3 | length u8 | half the bytes    hexadecimal, lower case, an even number of digits
/// 4 | bytes | 0                     any other id; ids hold no NUL
/// ```
enum PackedID {
  /// The longest: form, 128 bytes, NUL.
  static let capacity = 130

  private enum Form {
    static let uuid: UInt8 = 1
    static let ulid: UInt8 = 2
    static let hexadecimal: UInt8 = 3
    static let raw: UInt8 = 4
  }

  /// Appends the packed form of `id`.
  static func pack(_ id: UnsafeRawBufferPointer, into writer: inout ByteWriter) {
    if id.count == 36, packUUID(id, into: &writer) { return }
    if id.count == 26, packULID(id, into: &writer) { return }
    if id.count >= 2, id.count & 1 == 0, packHexadecimal(id, into: &writer) { return }
    writer.little(Form.raw)
    writer.raw(id)
    writer.little(UInt8(0))
  }

  /// The time bucket of a packed id: a pure function of the id, so that late and repeated events
  /// meet their record, and a fold stays in the newest bucket's pages.
  ///
  /// The milliseconds in the id shifted right by 29 (6.2 days) for UUID version 7, ULID and 24
  /// hexadecimal digits (ObjectId, seconds), 0 for every other id.
  static func bucket(of packed: UnsafeRawBufferPointer) -> UInt16 {
    switch packed[0] {
    case Form.uuid:
      guard packed[7] >> 4 == 7, packed[9] >> 6 == 2 else { return 0 }
      return bucket(milliseconds: packed.big(1, as: UInt64.self) >> 16)
    case Form.ulid:
      return bucket(milliseconds: packed.big(1, as: UInt64.self) >> 16)
    case Form.hexadecimal where packed[1] == 12:
      return bucket(milliseconds: UInt64(packed.big(2, as: UInt32.self)) * 1000)
    default: return 0
    }
  }

  /// How many bytes the packed id at the start of `bytes` takes.
  static func size(of bytes: UnsafeRawBufferPointer) -> Int {
    switch bytes.first {
    case Form.uuid, Form.ulid: return 17
    case Form.hexadecimal: return bytes.count > 1 ? 2 + Int(bytes[1]) : bytes.count
    default: return (bytes.firstIndex(of: 0) ?? bytes.count - 1) + 1
    }
  }

  /// The id that was packed into all of `bytes`.
  static func unpack(_ bytes: UnsafeRawBufferPointer) -> String {
    switch bytes.first {
    case Form.uuid: return uuidText(bytes.tail(from: 1))
    case Form.ulid: return ulidText(bytes.tail(from: 1))
    case Form.hexadecimal: return hexadecimalText(bytes.tail(from: 2))
    default: return bytes.part(1, max(0, bytes.count - 2)).text
    }
  }

  private static func bucket(milliseconds: UInt64) -> UInt16 {
    UInt16(truncatingIfNeeded: milliseconds >> 29)
  }
}

extension PackedID {
  /// The value of a lower-case hexadecimal digit, above 15 for any other byte.
  @inline(__always)
  private static func digit(_ byte: UInt8) -> UInt8 {
    let decimal = byte &- 48
    if decimal < 10 { return decimal }
    let letter = byte &- 97
    return letter < 6 ? letter + 10 : 255
  }

  private static func packUUID(_ id: UnsafeRawBufferPointer, into writer: inout ByteWriter) -> Bool
  {
    guard id[8] == 45, id[13] == 45, id[18] == 45, id[23] == 45 else { return false }
    let start = writer.count
    writer.little(Form.uuid)
    var index = 0
    var wrong: UInt8 = 0
    while index < 36 {
      if index == 8 || index == 13 || index == 18 || index == 23 {
        index += 1
        continue
      }
      let high = digit(id[index])
      let low = digit(id[index + 1])
      wrong |= (high | low) & 0xF0
      writer.little(high << 4 | low & 15)
      index += 2
    }
    if wrong == 0 { return true }
    writer.cut(to: start)
    return false
  }

  private static func packHexadecimal(
    _ id: UnsafeRawBufferPointer, into writer: inout ByteWriter
  ) -> Bool {
    let start = writer.count
    writer.little(Form.hexadecimal)
    writer.little(UInt8(id.count / 2))
    var index = 0
    while index < id.count {
      let high = digit(id[index])
      let low = digit(id[index + 1])
      guard high < 16, low < 16 else {
        writer.cut(to: start)
        return false
      }
      writer.little(high << 4 | low)
      index += 2
    }
    return true
  }

  /// Crockford's base 32: no I, L, O, U.
  private static let crockford = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
  private static let crockfordValues: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    for (value, letter) in crockford.enumerated() { values[Int(letter)] = UInt8(value) }
    return values
  }()

  private static func packULID(_ id: UnsafeRawBufferPointer, into writer: inout ByteWriter) -> Bool
  {
    // 26 digits are 130 bits: the first digit is at most 7.
    guard id[0] <= 55 else { return false }
    var high: UInt64 = 0
    var low: UInt64 = 0
    for byte in id {
      let value = crockfordValues[Int(byte)]
      guard value < 32 else { return false }
      high = high << 5 | low >> 59
      low = low << 5 | UInt64(value)
    }
    writer.little(Form.ulid)
    writer.big(high)
    writer.big(low)
    return true
  }

  private static let hexadecimalDigits = Array("0123456789abcdef".utf8)

  private static func hexadecimalText(_ bytes: UnsafeRawBufferPointer) -> String {
    String(
      decoding: bytes.flatMap {
        [hexadecimalDigits[Int($0 >> 4)], hexadecimalDigits[Int($0 & 15)]]
      },
      as: UTF8.self)
  }

  private static func uuidText(_ bytes: UnsafeRawBufferPointer) -> String {
    var text = hexadecimalText(bytes)
    for place in [20, 16, 12, 8] {
      text.insert("-", at: text.index(text.startIndex, offsetBy: place))
    }
    return text
  }

  private static func ulidText(_ bytes: UnsafeRawBufferPointer) -> String {
    var high: UInt64 = bytes.big(0)
    var low: UInt64 = bytes.big(8)
    var digits: [UInt8] = []
    for _ in 0..<26 {
      digits.append(crockford[Int(low & 31)])
      low = low >> 5 | high << 59
      high >>= 5
    }
    return String(decoding: digits.reversed(), as: UTF8.self)
  }
}
