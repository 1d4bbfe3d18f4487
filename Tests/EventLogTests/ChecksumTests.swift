internal import CChecksum
internal import Testing

@Suite struct `CRC32C` {
  /// RFC 3720, appendix B.4, and the check value of the CRC catalogue.
  static let vectors: [(bytes: [UInt8], crc: UInt32)] = [
    ([], 0),
    (Array("123456789".utf8), 0xE306_9283),
    (Array(repeating: 0, count: 32), 0x8A91_36AA),
    (Array(repeating: 0xFF, count: 32), 0x62A8_AB43),
    (Array(0..<32), 0x46DD_794E),
    (Array((0..<32).reversed()), 0x113F_DB5C),
  ]

  @Test func `known vectors, by instruction and by table`() {
    for (bytes, crc) in Self.vectors {
      #expect(tally_crc32c(0, bytes, bytes.count) == crc)
      #expect(tally_crc32c_by_table(0, bytes, bytes.count) == crc)
    }
  }

  @Test func `instruction, table and one bit at a time agree at every length and offset`() {
    let bytes = (0..<30_000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 &+ $0 >> 5) }
    let lengths = Array(0...40) + [255, 256, 767, 768, 769, 1543, 24_575, 24_576, 24_577, 29_990]

    for length in lengths {
      for offset in 0..<9 {
        let part = Array(bytes[offset..<(offset + length)])
        let expected = oneBitAtATime(part)
        #expect(tally_crc32c(0, part, length) == expected)
        #expect(tally_crc32c_by_table(0, part, length) == expected)
      }
    }
  }

  @Test func `a checksum goes on where another ended`() {
    let bytes = (0..<2_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let whole = tally_crc32c(0, bytes, bytes.count)

    for cut in stride(from: 0, through: bytes.count, by: 37) {
      let head = tally_crc32c(0, bytes, cut)
      let tail = Array(bytes[cut...])
      #expect(tally_crc32c(head, tail, tail.count) == whole)
    }
  }
}

/// CRC32C as its definition reads.
func oneBitAtATime(_ bytes: [UInt8]) -> UInt32 {
  var crc = UInt32.max
  for byte in bytes {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
  }
  return ~crc
}
