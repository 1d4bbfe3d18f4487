internal import Foundation
internal import Protobuf
internal import TallyMessages
internal import Testing

@Suite struct `descriptors` {
  @Test func `services are all there`() {
    #expect(
      Descriptors.schema.services == [
        "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
        "grpc.reflection.v1alpha.ServerReflection", "tally.v1.AdminService",
        "tally.v1.IngestService", "tally.v1.ReportService",
      ])
  }

  @Test(arguments: [
    "tally.v1.Event", "tally.v1.Event.occurred_at", "tally.v1.Role", "tally.v1.ROLE_LEARNER",
  ])
  func `a file is found by what it declares`(symbol: String) throws {
    let file = try #require(Descriptors.schema.file(declaring: symbol))

    #expect(file.name == "tally/v1/events.proto")
    #expect(file.imports == ["google/protobuf/timestamp.proto"])
  }

  @Test func `a service and its method are in one file`() {
    let schema = Descriptors.schema

    #expect(
      schema.file(declaring: "tally.v1.ReportService.Courses")?.name == "tally/v1/reports.proto")
    #expect(schema.file(declaring: "tally.v1.ReportService")?.name == "tally/v1/reports.proto")
    #expect(schema.file(declaring: "tally.v1.Nothing") == nil)
  }

  @Test func `every import is there`() {
    for file in Descriptors.schema.files {
      for name in file.imports { #expect(Descriptors.schema.file(name) != nil, "\(name)") }
    }
  }
}

@Suite struct `generated code` {
  private let plugin = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "protoc-gen-tally")

  @Test func `is what Scripts/generate makes`() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
    let process = Process()
    process.executableURL = root.appending(path: "Scripts/generate")
    process.arguments = ["--check"]
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["TALLY_PLUGIN": plugin.path]) { $1 }
    let output = Pipe()
    process.standardOutput = output

    try process.run()
    let difference = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()

    #expect(
      process.terminationStatus == 0, "\(String(decoding: difference.prefix(2_000), as: UTF8.self))"
    )
  }

  @Test func `is made of no message that contains itself`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let proto =
      "syntax = 'proto3'; package p; message A { B b = 1; } message B { repeated A a = 1; }"
    try Data(proto.utf8).write(to: folder.appending(path: "deep.proto"))
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "protoc", "-I", folder.path, "--plugin=protoc-gen-tally=\(plugin.path)",
      "--tally_out=\(folder.path)", "deep.proto",
    ]
    let said = Pipe()
    process.standardError = said

    try process.run()
    let complaint = try said.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()

    #expect(process.terminationStatus != 0)
    #expect(String(decoding: complaint, as: UTF8.self).contains("contains itself"))
  }
}
