/// The percent-encoding of `grpc-message`.
///
/// Source: grpc/doc/PROTOCOL-HTTP2.md, Status-Message: every byte outside 0x20-0x24 and 0x26-0x7E;
/// and spaces at both ends, which HTTP/2 takes for the end of the call (RFC 9113 §8.2.1).
enum StatusMessage {
  /// Bytes of the message before encoding; a longer one is cut, since clients limit all trailers.
  static let maxBytes = 1024

  private static let space = UInt8(ascii: " ")
  private static let digits = Array("0123456789ABCDEF".utf8)

  static func encode(_ message: String) -> String {
    let isPlain = message.utf8.allSatisfy { Self.isPlain($0) }
    let hasOuterSpace = message.utf8.first == space || message.utf8.last == space
    if isPlain, !hasOuterSpace, message.utf8.count <= maxBytes { return message }
    let bytes = Array(cut(message))
    var encoded: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      let isOuterSpace = byte == space && (index == 0 || index == bytes.count - 1)
      if Self.isPlain(byte), !isOuterSpace {
        encoded.append(byte)
      } else {
        encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: encoded, as: UTF8.self)
  }

  /// Never fails: a broken `%` stays as it stands, bytes that are no UTF-8 are replaced.
  static func decode(_ text: UnsafeRawBufferPointer) -> String {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      if text[index] == UInt8(ascii: "%"), index + 2 < text.count,
        let high = value(text[index + 1]), let low = value(text[index + 2])
      {
        decoded.append(high << 4 | low)
        index += 3
      } else {
        decoded.append(text[index])
        index += 1
      }
    }
    return String(decoding: decoded, as: UTF8.self)
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte <= 0x7E && byte != UInt8(ascii: "%")
  }

  /// The first bytes, cut between two characters.
  private static func cut(_ message: String) -> Substring.UTF8View {
    guard message.utf8.count > maxBytes else { return message[...].utf8 }
    let end = message.utf8.index(message.utf8.startIndex, offsetBy: maxBytes)
    // Rounds down to the start of the character that `end` may have cut.
    var index = end
    while index.samePosition(in: message.unicodeScalars) == nil {
      index = message.utf8.index(before: index)
    }
    return message[..<index].utf8
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
