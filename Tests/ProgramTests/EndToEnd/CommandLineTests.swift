internal import Foundation
internal import TestSupport
internal import Testing

/// What `tally` says and how it ends, against a real server.
@Suite(.serialized, .timeLimit(.minutes(2))) struct `tally` {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "tally-cli-\(UUID().uuidString)")

  private func file(_ name: String, _ text: String) throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: name)
    try text.write(to: file, atomically: false, encoding: .utf8)
    return file.path
  }

  @Test func `bad lines are named, the rest is taken, and the exit code tells`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try await TestServer()
    let events = try file(
      "events.ndjson",
      """
      {"occurredAt":"2024-03-01T10:00:00Z","group":{"groupId":"g","name":"One"}}
      not json

      {"occurredAt":"2024-03-01T10:00:00Z","group":{"name":"no id"}}
      {"occurredAt":"2024-03-01T10:00:00Z","group":{"groupId":"h","nonsense":1}}
      {"occurredAt":"2024-03-01T10:00:00Z","group":{"groupId":"i","name":"Two"}}
      """)

    let output = try await Programs.tally(
      ["ingest", events], server: server.address)
    let groups = try await Programs.tally(
      ["report", "groups", "--format", "csv"], server: server.address)

    #expect(output.status == 1)
    #expect(output.errors.contains("events.ndjson:2: cannot be read"))
    #expect(output.errors.contains("events.ndjson:4: refused: group.group_id"))
    #expect(output.errors.contains("events.ndjson:5: cannot be read"))
    let summary = String(decoding: output.out, as: UTF8.self)
    #expect(summary.contains("taken: 2 (2 changed something"))
    #expect(
      String(decoding: groups.out, as: UTF8.self)
        == "Name,Publications,Comments,Reactions\r\nOne,0,0,0\r\nTwo,0,0,0\r\n")
  }

  @Test func `what travels compressed is the same at both ends`() async throws {
    let server = try await TestServer()

    let taken = try await Programs.tally(
      ["ingest", "--compress", Fixture.edgeCases.eventFile], server: server.address)
    let report = ["report", "courses", "--format", "csv"]
    let plain = try await Programs.tally(report, server: server.address)
    let compressed = try await Programs.tally(report + ["--compress"], server: server.address)

    #expect(taken.status == 0, "\(taken.errors)")
    #expect(compressed.status == 0, "\(compressed.errors)")
    #expect(plain.out.count > 1_000)
    #expect(compressed.out == plain.out)
  }

  @Test func `an event larger than a message does not stop the rest`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try await TestServer()
    func group(_ id: String, nameBytes: Int) -> String {
      #"{"occurredAt":"2024-03-01T10:00:00Z","group":{"groupId":"\#(id)","name":""#
        + String(repeating: "n", count: nameBytes) + #""}}"#
    }
    let events = try file(
      "events.ndjson",
      [
        group("a", nameBytes: 1), group("b", nameBytes: 2_900_000),
        group("c", nameBytes: 2_900_000), group("d", nameBytes: 4_194_200),
        group("e", nameBytes: 1),
      ].joined(separator: "\n"))

    let output = try await Programs.tally(["ingest", events], server: server.address)

    #expect(output.status == 1)
    #expect(output.errors.contains("events.ndjson:2: refused: group.name"))
    #expect(output.errors.contains("events.ndjson:3: refused: group.name"))
    #expect(output.errors.contains("events.ndjson:4: cannot be read"))
    #expect(String(decoding: output.out, as: UTF8.self).contains("taken: 2 "))
  }

  @Test func `a dry run judges and changes nothing`() async throws {
    let server = try await TestServer()

    let dry = try await Programs.tally(
      ["ingest", "--dry-run", Fixture.edgeCases.eventFile], server: server.address)
    let report = try await Programs.tally(["report", "courses"], server: server.address)

    #expect(dry.status == 0)
    #expect(String(decoding: dry.out, as: UTF8.self).contains("would be taken: 397"))
    #expect(report.status == 1)
  }

  @Test func `an answer that waits for the disk alone counts nothing that changed`() async throws {
    let server = try await TestServer()

    let output = try await Programs.tally(
      ["ingest", "--answer", "durable", Fixture.edgeCases.eventFile], server: server.address)

    #expect(output.status == 0)
    #expect(String(decoding: output.out, as: UTF8.self).hasSuffix("taken: 397\n"))
  }

  @Test func `a report goes to a file whole, or not at all`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try await TestServer()
    let path = try file("report.csv", "old")
    _ = try await Programs.tally(
      ["ingest", Fixture.edgeCases.eventFile], server: server.address)

    let unknown = try await Programs.tally(
      ["report", "course", "--course", "nobody", "-o", path], server: server.address)
    #expect(unknown.status == 1)
    #expect(unknown.errors.hasPrefix("Error: "))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")

    let known = try await Programs.tally(
      ["report", "courses", "-o", path], server: server.address)
    #expect(known.status == 0)
    #expect(Array(try Data(contentsOf: URL(filePath: path))) == (try expectedCourses()))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["report.csv"])
  }

  private func expectedCourses() throws -> [UInt8]? {
    try Fixture.edgeCases.expected()["courses.csv"]
  }

  @Test func `JSON lines, tables and the status are for people and programs`() async throws {
    let server = try await TestServer()
    _ = try await Programs.tally(
      ["ingest", Fixture.edgeCases.eventFile], server: server.address)

    let lines = try await Programs.tally(
      ["report", "groups", "--format", "jsonl"], server: server.address)
    let table = try await Programs.tally(["report", "groups"], server: server.address)
    let status = try await Programs.tally(["status", "--json"], server: server.address)
    let text = try await Programs.tally(["status"], server: server.address)

    let objects = try String(decoding: lines.out, as: UTF8.self).split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
    }
    #expect(objects.count == 17)
    #expect(objects.contains { $0?["groupId"] as? String == "root-academy" })
    #expect(String(decoding: table.out, as: UTF8.self).hasSuffix("17 rows\n"))
    let object = try JSONSerialization.jsonObject(with: Data(status.out)) as? [String: Any]
    #expect(object?["rulesVersion"] as? Int == 2 || object?["rulesVersion"] != nil)
    #expect(String(decoding: text.out, as: UTF8.self).contains("membership  49"))
  }

  @Test func `a wrong command line ends with 64 and says what is right`() async throws {
    let both = try await Programs.tally(
      ["report", "behind", "--activity", "a", "--course", "c", "--action", "view"])
    let server = try await Programs.tally(["status", "--server", "no:port"])

    #expect(both.status == 64)
    #expect(both.errors.contains("exactly one of --activity and --course"))
    #expect(server.status == 64)
  }

  @Test func `a server that is not there ends with 1 and says what to do`() async throws {
    let output = try await Programs.tally(
      ["status", "--server", "127.0.0.1:1", "--timeout", "300ms"])

    #expect(output.status == 1)
    #expect(output.errors.contains("127.0.0.1:1"))
    #expect(output.errors.contains("TALLY_SERVER"))
  }
}
