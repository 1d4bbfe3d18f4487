internal import Foundation
internal import Protobuf
internal import TallyMessages
internal import Testing

@Suite struct `hostile messages` {
  private static let size = 4 << 20

  private static func repeated(_ unit: [UInt8]) -> [UInt8] {
    Array(repeatElement(unit, count: size / unit.count).joined())
  }

  /// 4 MiB that protobuf-c alone would make 67 to 218 MB of.
  static let amplifiers: [(name: String, bytes: [UInt8])] = [
    ("empty events", repeated([0x1a, 0x00])),
    ("events with an empty fact", repeated([0x1a, 0x02, 0x2a, 0x00])),
    ("unknown numbers", repeated([0x78, 0x01])),
    ("unknown empty texts", repeated([0x7a, 0x00])),
    ("the same text again and again", repeated([0x0a, 0x00])),
    ("one event merged again and again", repeated([0x1a, 0x04, 0x0a, 0x00, 0x2a, 0x00])),
  ]

  @Test(.serialized, arguments: amplifiers.indices)
  func `take bounded memory or are refused`(index: Int) throws {
    let (name, bytes) = Self.amplifiers[index]
    let before = residentBytes()

    do throws(DecodeError) {
      let request = try IngestRequest(decoding: bytes)
      let grown = residentBytes() - before
      #expect(grown < 160 << 20, "\(name): \(grown) bytes for \(request.events.count) events")
    } catch {
      #expect(error.code == .tooLarge, "\(name): \(error)")
    }

    #expect(residentBytes() - before < 160 << 20, "\(name)")
  }

  @Test func `the arena gives no more than its limit`() throws {
    for (name, bytes) in Self.amplifiers {
      let size = bytes.withUnsafeBytes { bytes in
        (try? Arena(unpacking: bytes, as: IngestRequest.cDescriptor).size) ?? 0
      }
      #expect(size <= Arena.limit(count: bytes.count), "\(name)")
    }
  }

  @Test func `an arena that is full at any moment fails the message cleanly`() {
    let bytes = sampleBatch(events: 40).encoded()
    var largest = 0

    for limit in stride(from: 0, through: 64 << 10, by: 16) {
      let size = bytes.withUnsafeBytes { bytes in
        try? Arena(unpacking: bytes, as: IngestRequest.cDescriptor, limit: limit).size
      }
      if size == nil { largest = limit }
      #expect(size ?? 0 <= limit)
    }

    #expect(largest > 0 && largest < 60 << 10)
  }

  @Test func `numbers of a list apart from each other are bounded`() {
    let bytes = Self.repeated([0x18, 0x01])
    let before = residentBytes()

    _ = try? MembershipFact(decoding: bytes)

    #expect(residentBytes() - before < 160 << 20)
  }

  @Test func `a full honest batch of small events is not refused`() throws {
    let event = Event(
      occurredAt: .init(seconds: 1_709_287_200),
      fact: .like(LikeFact(userId: "u", postId: "p")))
    let batch = IngestRequest(tenant: "t", events: Array(repeating: event, count: 10_000))

    #expect(try IngestRequest(decoding: batch.encoded()) == batch)
  }

  @Test func `10,000 of the smallest rows are not refused`() throws {
    let response = GroupsResponse(rows: Array(repeating: GroupRow(groupId: "g"), count: 10_000))

    #expect(try GroupsResponse(decoding: response.encoded()) == response)
  }

  @Test func `a message cut off anywhere is refused or shorter, and never crashes`() throws {
    let whole = sampleBatch(events: 30).encoded()

    for count in 0..<whole.count {
      guard let request = try? IngestRequest(decoding: Array(whole[..<count])) else { continue }
      #expect(request.encodedSize <= count)
    }
  }

  @Test func `nothing that is deep in unknown fields is followed`() throws {
    var nested: [UInt8] = []
    for _ in 0..<2_000 {
      var outer: [UInt8] = [0x7a]
      var count = nested.count
      while count >= 0x80 {
        outer.append(UInt8(count & 0x7f) | 0x80)
        count >>= 7
      }
      nested = outer + [UInt8(count)] + nested
    }
    let groups = [UInt8](repeating: 0x7b, count: 100_000)

    #expect(try IngestRequest(decoding: nested) == IngestRequest())
    #expect(throws: DecodeError.self) { try IngestRequest(decoding: groups) }
  }

  @Test func `random changes never crash, and what decodes encodes to the same value`() throws {
    let seed = UInt64(ProcessInfo.processInfo.environment["TALLY_SEED"] ?? "") ?? 1711
    var random = SplitMix(state: seed)
    let whole = sampleBatch(events: 12).encoded()

    for round in 0..<20_000 {
      var bytes = whole
      for _ in 0...Int.random(in: 0..<8, using: &random) {
        let index = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: bytes.removeSubrange(index..<min(bytes.count, index + 5))
        default: bytes.insert(contentsOf: whole.prefix(5), at: index)
        }
        if bytes.isEmpty { bytes = whole }
      }
      guard let request = try? IngestRequest(decoding: bytes) else { continue }
      let again = try IngestRequest(decoding: request.encoded())
      #expect(again == request, "round \(round), seed \(seed)")
    }
  }
}

/// Events of several kinds, with what makes decoding interesting.
func sampleBatch(events count: Int) -> IngestRequest {
  let facts: [Event.Fact] = [
    .user(UserFact(userId: "user-1", firstName: "Zoë", email: "zoe@example.com")),
    .membership(MembershipFact(groupId: "g", userId: "u", roles: [.learner, .admin])),
    .course(
      CourseFact(
        courseId: "course-with-a-long-name", name: "Course", coAuthorUserIds: ["a", "b"],
        status: .active, createdAt: .init(seconds: 1), tags: ["x", "tag that is rather long"])),
    .reaction(ReactionFact(userId: "u", activityId: "a", kind: .like)),
    .download(DownloadFact(downloadId: "d", userId: "u", activityId: "a", actorRole: .learner)),
  ]
  return IngestRequest(
    tenant: "default", sequence: 7,
    events: (0..<count).map { index in
      Event(
        occurredAt: .init(seconds: 1_709_287_200 + Int64(index), nanos: 5),
        fact: facts[index % facts.count])
    })
}

private func residentBytes() -> Int {
  let status = (try? String(contentsOfFile: "/proc/self/statm", encoding: .ascii)) ?? ""
  return (Int(status.split(separator: " ").dropFirst().first ?? "0") ?? 0) * 4096
}

private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
