internal import CChecksum
internal import GRPC
internal import TallyMessages
internal import Testing

@testable internal import TallyClient

@Suite struct `backup from a server` {
  private static let content: [[UInt8]] = [[1, 2, 3], Array(repeating: 7, count: 70_000), [9]]

  private static var trailer: BackupTrailer {
    let bytes = content.flatMap { $0 }
    return BackupTrailer(
      size: UInt64(bytes.count), digest: tally_crc32c(0, bytes, bytes.count), complete: true)
  }

  private static func parts(
    size: UInt64 = 70_004, _ content: [[UInt8]] = content, _ trailer: BackupTrailer? = trailer
  ) -> [BackupResponse] {
    [BackupResponse(header: BackupHeader(revision: Revision(position: 4), size: size))]
      + content.map { BackupResponse(content: $0) }
      + (trailer.map { [BackupResponse(trailer: $0)] } ?? [])
  }

  private func read(_ parts: [BackupResponse]) async throws -> [UInt8] {
    let handler: Handler.Streaming = { (_, responses, _) async throws(RPCError) in
      for part in parts { try await responses.write(part.messageBytes()) }
    }
    return try await withServer(["AdminService/Backup": handler]) { client in
      var bytes: [UInt8] = []
      let backup = try await client.backup()
      #expect(backup.header.revision?.position == 4)
      for try await piece in backup { bytes += piece }
      return bytes
    }
  }

  private func failure(_ parts: [BackupResponse]) async -> TallyError? {
    await TallyClientTests.failure { try await read(parts) }
  }

  @Test func `is every byte in order`() async throws {
    #expect(try await read(Self.parts()) == Self.content.flatMap { $0 })
  }

  @Test func `without its trailer is not complete`() async {
    #expect(await failure(Self.parts(Self.content, nil))?.code == .incompleteBackup)
    #expect(
      await failure(Self.parts(Array(Self.content.dropLast()), nil))?.code == .incompleteBackup)
  }

  @Test func `with a byte too few, another one or another order is damaged`() async {
    var flipped = Self.content
    flipped[1][69_000] ^= 1
    var partial = Self.trailer
    partial.complete = false

    for parts in [
      Self.parts(Array(Self.content.dropLast())), Self.parts(flipped),
      Self.parts(Self.content.reversed()), Self.parts(size: 70_003),
      Self.parts(Self.content, partial),
    ] {
      #expect(await failure(parts)?.code == .damagedBackup)
    }
  }

  @Test func `without a header or with bytes behind the trailer makes no sense`() async {
    let headless = Array(Self.parts().dropFirst())
    let longer = Self.parts() + [BackupResponse(content: [1])]

    #expect(await failure(headless)?.code == .invalidAnswer)
    #expect(await failure(longer)?.code == .invalidAnswer)
  }
}
