internal import Foundation
internal import TestSupport
internal import Testing

/// `tally backup` and `tallyd restore`, as a person types them.
@Suite(.serialized, .timeLimit(.minutes(2))) struct `backup and restore` {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "tally-backup-\(UUID().uuidString)")
  private var file: String { folder.appending(path: "store.backup").path }
  private var target: String { folder.appending(path: "restored").path }

  private func run(_ arguments: [String]) async throws -> ProgramOutput {
    try await Programs.start("tallyd", arguments).end()
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  private func reports(of server: TestServer) async throws -> [[UInt8]] {
    var all: [[UInt8]] = []
    for report in [["courses"], ["courses", "--columns", "download"], ["groups"]] {
      let output = try await Programs.tally(
        ["report"] + report + ["--format", "csv"], server: server.address)
      #expect(output.status == 0, "\(output.errors)")
      all.append(output.out)
    }
    return all
  }

  @Test func `bring every report back`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let server = try await TestServer()
    _ = try await Programs.tally(
      ["ingest", Fixture.edgeCases.eventFile], server: server.address)
    let before = try await reports(of: server)

    let backup = try await Programs.tally(["backup", file], server: server.address)
    let again = try await Programs.tally(["backup", file], server: server.address)
    let forced = try await Programs.tally(["backup", file, "--force"], server: server.address)
    let status = try await Programs.tally(["status"], server: server.address)

    #expect(backup.status == 0, "\(backup.errors)")
    #expect(String(decoding: backup.out, as: UTF8.self).contains("timeline 1"))
    #expect(again.status == 1)
    #expect(again.errors.contains("--force"))
    #expect(forced.status == 0, "\(forced.errors)")
    #expect(try names() == ["store.backup"])
    #expect(String(decoding: status.out, as: UTF8.self).contains("newest backup"))
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions]
    #expect(mode as? Int == 0o600)

    let restored = try await run(["restore", file, "--data", target])
    let twice = try await run(["restore", file, "--data", target])
    #expect(restored.status == 0, "\(restored.errors)")
    #expect(String(decoding: restored.out, as: UTF8.self).contains("new timeline"))
    #expect(twice.status == 1)
    #expect(twice.errors.hasPrefix("tallyd: ") && twice.errors.contains("holds a store"))
    let second = try await TestServer(in: URL(filePath: target))
    #expect(try await reports(of: second) == before)
  }

  @Test func `leave nothing when the server cannot be reached or the file cannot be made`()
    async throws
  {
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)

    let away = try await Programs.tally(
      ["backup", file, "--server", "127.0.0.1:1", "--wait", "0"])
    let server = try await TestServer()
    let nowhere = try await Programs.tally(
      ["backup", folder.path + "/no/folder/file"], server: server.address)
    let unnamed = try await Programs.tally(["backup", ""], server: server.address)

    #expect(away.status == 1)
    #expect(nowhere.status == 1 && nowhere.errors.contains("cannot make"))
    #expect(unnamed.status == 64)
    #expect(try names() == [])
  }

  @Test func `refuse what is no backup, and a directory in use`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("a letter".utf8).write(to: URL(filePath: file))

    let letter = try await run(["restore", file, "--data", target])
    let missing = try await run(["restore", file + "x", "--data", target])
    let none = try await run(["restore", file])

    #expect(letter.status == 1 && letter.errors.contains("no backup of Tally"))
    #expect(missing.status == 1 && missing.errors.contains("No such file"))
    #expect(none.status == 64)
    #expect(try names() == ["store.backup"])
  }
}
