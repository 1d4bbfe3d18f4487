internal import Foundation
internal import Testing

@testable internal import tally

@Suite struct `file output` {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("tally-output-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test func `a file appears whole when it is committed`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("report.csv").path

    let output = try FileOutput(path: path)
    try output.write(Array("one\r\n".utf8))
    #expect(try names() == [])
    try output.commit()

    #expect(try names() == ["report.csv"])
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "one\r\n")
  }

  @Test func `without a commit the old file stays and nothing else is left`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("report.csv").path
    try "old".write(toFile: path, atomically: false, encoding: .utf8)

    do {
      let output = try FileOutput(path: path)
      try output.write(Array("new".utf8))
    }

    #expect(try names() == ["report.csv"])
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
  }

  @Test func `a commit replaces the old file, and through a link what it leads to`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("report.csv").path
    let link = folder.appendingPathComponent("link.csv").path
    try "old".write(toFile: path, atomically: false, encoding: .utf8)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)

    let output = try FileOutput(path: link)
    try output.write(Array("new".utf8))
    try output.commit()

    #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
    #expect(try names() == ["link.csv", "report.csv"])
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == path)
  }

  @Test func `a folder that does not exist is refused with its name`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("none/report.csv").path

    let error = #expect(throws: CommandError.self) { try FileOutput(path: path) }

    #expect(error?.code == .file)
    #expect(error?.message.contains(path) == true)
  }
}
