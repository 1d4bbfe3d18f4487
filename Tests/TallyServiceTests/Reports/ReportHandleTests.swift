internal import GRPC
internal import TallyMessages
internal import TallyStore
internal import Testing

@testable internal import TallyService

@Suite struct `a handle's signature` {
  /// RFC 4231, test case 1 has a key of 20 bytes; this is the same function with one of 32, from
  /// Python's hmac: `hmac.new(bytes(range(32)), b"what do ya want", "sha256")`.
  @Test func `is HMAC-SHA-256`() {
    let signature = Signature(key: Array(0..<32))

    let found = signature(of: Array("what do ya want".utf8))

    #expect(
      found == [
        111, 33, 167, 233, 105, 210, 93, 108, 140, 236,
        136, 229, 12, 213, 198, 205, 150, 225, 236, 129,
        38, 238, 63, 67, 214, 51, 152, 149, 247, 194,
        80, 85,
      ])
    #expect(Signature.areEqual(found, found))
    #expect(!Signature.areEqual(found, found.dropLast()))
    #expect(!Signature.areEqual(found, found.dropLast() + [found[31] ^ 1]))
  }

  @Test func `of one caller is no good for another`() throws {
    let identity = StoreIdentity(storeID: Array(repeating: 3, count: 16))
    let handles = ReportHandles(key: Array(0..<32), identity: identity)
    let request = CoursesRequest(tenant: "t")
    let teacher = PeerIdentity(commonName: "teacher", certificate: [1])
    let renewed = PeerIdentity(commonName: "teacher", certificate: [2])
    let pupil = PeerIdentity(commonName: "pupil", certificate: [1])
    func origin(_ peer: PeerIdentity?) -> ReportHandles.Origin {
      handles.origin(of: request, ServerCall(path: "/r", identity: peer))
    }

    let handle = handles.handle(origin(teacher), at: 1 << 40)

    #expect(try handles.position(of: handle, origin(renewed)) == 1 << 40)
    for other in [pupil, nil] {
      #expect {
        try handles.position(of: handle, origin(other))
      } throws: {
        ($0 as? RPCError)?.code == .permissionDenied
      }
    }
    // Another key: what a restore leaves of the old ones.
    let restored = ReportHandles(key: Array(1..<33), identity: identity)
    #expect {
      try restored.position(of: handle, origin(teacher))
    } throws: {
      ($0 as? RPCError)?.code == .invalidArgument
    }
  }
}
