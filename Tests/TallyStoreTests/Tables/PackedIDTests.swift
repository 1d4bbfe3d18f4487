internal import Testing

@testable internal import TallyStore

@Suite struct `packed ids` {
  private func pack(_ id: String) -> [UInt8] {
    let scratch = Scratch(bytes: 256)
    var writer = scratch.writer
    PackedID.pack(Bytes(id).raw, into: &writer)
    defer { withExtendedLifetime(scratch) {} }
    return writer.bytes.array
  }

  private func bucket(_ id: String) -> UInt16 {
    pack(id).withUnsafeBytes { PackedID.bucket(of: $0) }
  }

  private static let ids = [
    "018f2f6e-7b1a-7cc0-8000-000000000001", "018F2F6E-7B1A-7CC0-8000-000000000001",
    "018f2f6e-7b1a-7cc0-8000-00000000000g", "018f2f6e07b1a-7cc0-8000-000000000001",
    "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "01HXRPYYRTXYZABCDEFGHJKMNP",
    "01hxrpyyrtxyzabcdefghjkmnp", "81HXRPYYRTXYZABCDEFGHJKMNP", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ",
    "01HXRPYYRTXYZABCDEFGHJKMNU", "65f1a2b3c4d5e6f708192a3b", "65F1A2B3C4D5E6F708192A3B",
    "deadbeef", "deadbee", "de", "d", "00", "\u{E9}", "\u{1}", "id with spaces",
    String(repeating: "x", count: 128), String(repeating: "ab", count: 64),
  ]

  @Test(arguments: ids)
  func `come back as they were`(id: String) {
    let packed = pack(id)

    #expect(packed.withUnsafeBytes { PackedID.unpack($0) } == id)
    #expect(packed.withUnsafeBytes { PackedID.size(of: $0) } == packed.count)
    #expect(packed.count <= PackedID.capacity)
  }

  @Test func `are never the start of one another`() {
    let packed = Self.ids.map(pack)
    for (index, one) in packed.enumerated() {
      for (other, two) in packed.enumerated() where index != other {
        #expect(!two.starts(with: one), "\(Self.ids[index]), \(Self.ids[other])")
      }
    }
  }

  @Test func `take 17 bytes for UUIDs and ULIDs and half for hexadecimal`() {
    #expect(
      pack("018f2f6e-7b1a-7cc0-8000-000000000001")
        == [1, 0x01, 0x8F, 0x2F, 0x6E, 0x7B, 0x1A, 0x7C, 0xC0, 0x80, 0, 0, 0, 0, 0, 0, 1])
    #expect(pack("00000000000000000000000001") == [2] + [UInt8](repeating: 0, count: 15) + [1])
    #expect(pack("deadbeef") == [3, 4, 0xDE, 0xAD, 0xBE, 0xEF])
    #expect(pack("x1") == [4, 0x78, 0x31, 0])
  }

  @Test func `have a bucket of 6.2 days if a time is in them`() {
    // 0x018f2f6e7b1a ms >> 29; the same moment in a ULID and, in seconds, in an ObjectId.
    let milliseconds: UInt64 = 0x018F_2F6E_7B1A
    let expected = UInt16(milliseconds >> 29)

    #expect(bucket("018f2f6e-7b1a-7cc0-8000-000000000001") == expected)
    #expect(bucket("01HWQPWYRT0000000000000000") == expected)
    #expect(bucket("6632a2c5c4d5e6f708192a3b") == UInt16((UInt64(0x6632_A2C5) * 1000) >> 29))
  }

  @Test func `are in bucket 0 otherwise`() {
    for id in [
      "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "018f2f6e-7b1a-7cc0-c000-000000000001",
      "018F2F6E-7B1A-7CC0-8000-000000000001", "6632A2C5C4D5E6F708192A3B", "deadbeef", "x",
    ] { #expect(bucket(id) == 0, "\(id)") }
  }
}
