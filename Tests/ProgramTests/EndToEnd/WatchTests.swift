internal import Foundation
internal import TestSupport
internal import Testing

/// `tally watch` against a real server.
@Suite(.serialized, .timeLimit(.minutes(2))) struct `tally watch` {
  private func lines(_ bytes: [UInt8]) -> [String] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  private func ingest(_ events: String, to server: TestServer) async throws {
    let file = FileManager.default.temporaryDirectory
      .appending(path: "tally-watch-\(UUID().uuidString).ndjson")
    defer { try? FileManager.default.removeItem(at: file) }
    try events.write(to: file, atomically: false, encoding: .utf8)
    let output = try await Programs.tally(["ingest", file.path], server: server.address)
    #expect(output.status == 0, "\(output.errors)")
  }

  private func event(_ fact: String, at second: Int) -> String {
    #"{"occurredAt":"2024-03-01T10:00:0\#(second)Z",\#(fact)}"#
  }

  private func course(_ id: String, name: String, at second: Int) -> String {
    event(
      #""course":{"courseId":"\#(id)","name":"\#(name)","status":"COURSE_STATUS_ACTIVE"}"#,
      at: second)
  }

  private func member(_ roles: String, at second: Int) -> String {
    event(#""membership":{"groupId":"g","userId":"u","roles":[\#(roles)]}"#, at: second)
  }

  @Test func `once prints what changed since a mark, as lines of JSON`() async throws {
    let server = try await TestServer()
    try await ingest(
      course("a", name: "A\\\"1", at: 1) + "\n" + course("b", name: "B", at: 1), to: server)
    let watch = ["watch", "courses", "--once"]

    let all = try await Programs.tally(watch, server: server.address)
    let mark = try #require(lines(all.out).last?.split(separator: "\"").dropFirst(3).first)
    try await ingest(course("b", name: "B2", at: 2), to: server)
    let since = try await Programs.tally(watch + ["--since", "\(mark)"], server: server.address)
    let bad = try await Programs.tally(watch + ["--since", "1:2:3"], server: server.address)
    let ahead = try await Programs.tally(
      watch + ["--since", "\(mark)000"], server: server.address)

    #expect(all.status == 0)
    #expect(lines(all.out).count == 3)
    #expect(lines(all.out)[0].hasPrefix(#"{"row":{"courseId":"a","name":"A\"1","#))
    #expect(lines(all.out)[2].hasPrefix(#"{"mark":""#))
    #expect(since.status == 0)
    #expect(lines(since.out).count == 2)
    #expect(lines(since.out)[0].hasPrefix(#"{"row":{"courseId":"b","name":"B2","#))
    #expect(bad.status == 64)
    #expect(ahead.status == 1)
    #expect(ahead.errors.contains("newest durable"))
  }

  @Test func `a watch goes on over a crash of the server`() async throws {
    let server = try await TestServer()
    try await ingest(
      [
        event(#""group":{"groupId":"g"}"#, at: 1), member(#""ROLE_LEARNER""#, at: 1),
        event(#""user":{"userId":"u","firstName":"Ann"}"#, at: 1),
      ].joined(separator: "\n"), to: server)
    let watch = try Programs.start(
      "tally", ["watch", "group", "--group", "g", "--wait", "60s"], server: server.address)
    try await waitUntil("a first mark") {
      try lines(watch.out()).contains { $0.hasPrefix(#"{"mark":""#) }
    }

    try await server.crash()
    try await server.restart()
    try await ingest(member("", at: 2), to: server)

    try await waitUntil("the change") { try lines(watch.out()).contains(#"{"gone":"u"}"#) }
    watch.send(SIGTERM)
    let output = try await watch.end()
    #expect(lines(output.out).filter { $0.hasPrefix(#"{"row":{"userId":"u""#) }.count >= 1)
    #expect(!lines(output.out).contains { $0.contains("startOver") })
  }
}
