internal import CChecksum
internal import TallyModel

@testable internal import TallyStore

/// What lies in the store: ids, keys, values, and the events of a batch.
enum RecordTarget: FuzzTarget {
  static let name = "records"

  /// The input: what it is for u8, then that.
  static func run(_ bytes: UnsafeRawBufferPointer) {
    guard let first = bytes.first else { return }
    let rest = Array(bytes.dropFirst())
    rest.withUnsafeBytes { rest in
      switch first & 7 {
      case 0: judgeID(rest)
      case 1: judgeBatch(rest)
      case 2: judgeFact(rest)
      case 3: judgeChecksum(rest)
      case 4: judgePacked(rest)
      default: judgeValue(Int(first >> 3), rest)
      }
    }
  }

  static func seeds() -> [[UInt8]] {
    let ids = [
      "018e0a5c-7d2f-7b3a-9c1d-2e3f4a5b6c7d", "01HQZX3V5N8YJ6K2M4P7R9T1WC",
      "65e1a2b3c4d5e6f708192a3b", "course-1", "ab", "",
    ].map { [UInt8(0)] + Array($0.utf8) }
    let fact = Fact.course(
      Fact.Course(courseID: "c", name: "Course", tags: ["a", "b"]))
    var batch: [UInt8] = []
    Event(occurredAt: Timestamp(nanoseconds: 5), fact: fact).appendRecord(to: &batch)
    let values = (0..<32).map { [UInt8($0) << 3 | 5] + [UInt8](repeating: 1, count: 80) }
    return ids + [[1, 1] + batch, [2, FactKind.course.rawValue] + fact.fixedForm]
      + [[3, 1, 2, 3, 4, 5, 6, 7, 8, 9], [4, 1] + [UInt8](1...16), [4, 3, 2, 171, 205]] + values
  }

  /// An id comes back as it was, is found at the front of more, and is no other's prefix.
  private static func judgeID(_ bytes: UnsafeRawBufferPointer) {
    let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    // Ids have at most 128 bytes and hold no NUL (rules.md).
    let ids = parts.map { String(decoding: $0.prefix(128).filter { $0 != 0 }, as: UTF8.self) }
      .filter { $0.utf8.count <= 128 }
    let packed = ids.map { pack($0) }
    for (id, packed) in zip(ids, packed) {
      packed.withUnsafeBytes { packed in
        require(PackedID.unpack(packed).utf8.elementsEqual(id.utf8), "'\(id)' comes back changed")
        _ = PackedID.bucket(of: packed)
      }
      (packed + [0, 1, 255]).withUnsafeBytes { longer in
        require(PackedID.size(of: longer) == packed.count, "the size of '\(id)' is another")
      }
    }
    guard packed.count == 2, packed[0] != packed[1] else { return }
    require(!packed[0].starts(with: packed[1]), "'\(ids[1])' is a prefix of '\(ids[0])'")
    require(!packed[1].starts(with: packed[0]), "'\(ids[0])' is a prefix of '\(ids[1])'")
    guard packed[0][0] == packed[1][0], packed[0][0] != 3 else { return }
    let order = packed[0].lexicographicallyPrecedes(packed[1])
    require(
      order == ids[0].utf8.lexicographicallyPrecedes(ids[1].utf8), "\(ids) are in another order")
  }

  private static func pack(_ id: String) -> [UInt8] {
    let scratch = Scratch(bytes: PackedID.capacity)
    var writer = scratch.writer
    Array(id.utf8).withUnsafeBytes { PackedID.pack($0, into: &writer) }
    return writer.bytes.array
  }

  /// A packed id from a key, whatever it holds: text comes of it, or nothing.
  private static func judgePacked(_ bytes: UnsafeRawBufferPointer) {
    guard !bytes.isEmpty else { return }
    let size = PackedID.size(of: bytes)
    require(size >= 0, "a packed id takes \(size) bytes")
    guard size <= bytes.count, size > 1 else { return }
    let form = bytes[0]
    guard form >= 1, form <= 4 else { return }
    let text = PackedID.unpack(bytes.part(0, size))
    // No id has more than 128 bytes (rules.md).
    guard form != 4, form != 3 || size > 2, text.utf8.count <= 128 else { return }
    // 130 bits of a ULID's digits hold 128; every other form comes back as it was.
    require(pack(text) == bytes.part(0, size).array, "'\(text)' is packed as something else")
  }

  /// The input: how many events u8, their bytes.
  private static func judgeBatch(_ bytes: UnsafeRawBufferPointer) {
    guard let count = bytes.first else { return }
    let body = bytes.tail(from: 1)
    var records = EventRecords(body, count: Int(count), position: 1)
    var taken = 0
    var found = 0
    do throws(StoreError) {
      while let record = try records.next() {
        found += 1
        taken += EventRecords.headerSize + record.fixedForm.count
        require(taken <= body.count, "an event ends behind its batch")
        if let fact = try? Fact(kind: record.kind, fixedForm: record.fixedForm) {
          judge(Event(occurredAt: Timestamp(nanoseconds: record.occurredAt), fact: fact))
        }
      }
      require(found == Int(count) && taken == body.count, "a batch ends elsewhere")
    } catch {
      require(error.code == .badRecord, "a bad batch is reported as \(error.code)")
    }
  }

  /// The input: the kind u8, the fixed form.
  private static func judgeFact(_ bytes: UnsafeRawBufferPointer) {
    guard let first = bytes.first, let kind = FactKind(rawValue: 2 + first % 12),
      let fact = try? Fact(kind: kind, fixedForm: bytes.tail(from: 1))
    else { return }
    judge(Event(occurredAt: Timestamp(nanoseconds: 9), fact: fact))
  }

  private static func judge(_ event: Event) {
    let refusal = validate(event, now: Timestamp(nanoseconds: 1_709_287_200_000_000_000))
    // Only what was validated gets a fixed form; any number of roles would be more than its bound.
    if refusal != nil, event.fact.kind == .membership { return }
    let form = event.fact.fixedForm
    require(form.count <= event.fact.fixedFormBound, "a fixed form is larger than its bound")
    guard let again = try? Fact(kind: event.fact.kind, fixedForm: form) else {
      fatalError("a fixed form that we write we cannot read")
    }
    require(again.fixedForm == form, "a fact has another fixed form when read again")
    let batch = EventBatch([event])
    batch.bytes.withUnsafeBytes { bytes in
      var records = EventRecords(bytes, count: 1, position: 1)
      guard let record = try? records.next() else { fatalError("a batch of ours cannot be read") }
      require(record.fixedForm.elementsEqual(form), "a batch holds another fact")
    }
  }

  /// The input: the key's size u8, the key, the value without its checksum.
  private static func judgeChecksum(_ bytes: UnsafeRawBufferPointer) {
    guard let first = bytes.first, bytes.count > 1 + Int(first) else { return }
    let key = bytes.part(1, Int(first))
    let body = bytes.tail(from: 1 + Int(first))
    var value = body.array
    let checksum = Checksum.of(key, body)
    withUnsafeBytes(of: checksum.littleEndian) { value += $0 }
    value.withUnsafeBytes { value in
      let opened = try? Checksum.open(value, at: key, in: .user, atLeast: 0)
      require(opened?.elementsEqual(body) == true, "a good value is not opened")
    }
    // One flipped bit, anywhere: CRC32C finds all of them.
    let place = Int(checksum) % value.count
    value[place] ^= 1 << (checksum >> 29)
    value.withUnsafeBytes { value in
      let opened = try? Checksum.open(value, at: key, in: .user, atLeast: 0)
      require(opened == nil, "a flipped bit is not seen")
    }
  }
}
