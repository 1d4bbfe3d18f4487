internal import Foundation
internal import TallyModel
internal import Testing

@testable internal import TallyStore

@Suite struct `format of a data directory` {
  private let directory = PipelineDirectory()
  private var format: String { directory.path + "/format" }

  private func write(_ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: format))
  }

  private func refusal() -> StoreError? { storeError { try directory.open().close() } }

  @Test func `is stated in a file, with the version of the rules`() throws {
    try directory.open().close()

    #expect(try String(contentsOfFile: format, encoding: .utf8) == "tally 2\nrules 2\n")
    try write("tally 2\n")
    try directory.open().close()
  }

  @Test func `that is newer is refused, and so are newer rules`() throws {
    try directory.open().close()

    for text in ["tally 3\nrules 2\n", "tally 3\n", "tally 2\nrules 3\n"] {
      try write(text)
      let error = refusal()
      #expect(error?.code == .newerFormat, "\(text)")
      #expect(error?.message.contains("use the Tally that wrote it, or a newer one") == true)
    }
  }

  @Test func `that is older is refused with the way out, and so are older rules`() throws {
    try directory.open().close()

    for text in ["tally 1\n", "tally 1\nrules 1\n", "tally 2\nrules 1\n"] {
      try write(text)
      let error = refusal()
      #expect(error?.code == .olderFormat, "\(text)")
      #expect(error?.message.contains("tally ingest") == true)
    }
  }

  @Test(arguments: [
    "", "nonsense", "tally", "tally two", "tally 2 rules", "tally 2\nrules two\n", "tally -1\n",
    "tally 2\nrules 2\nmore 1\n", "tally 70000\n", "\u{0}\u{0}",
  ])
  func `that cannot be read is damage`(text: String) throws {
    try directory.open().close()
    try write(text)

    let error = refusal()

    #expect(error?.code == .dataLoss)
    #expect(error?.message.contains("'tally 2'") == true)
  }

  @Test func `that is missing beside a data file is damage, with how to mend it`() throws {
    try directory.open().close()
    try FileManager.default.removeItem(atPath: format)

    let error = refusal()
    #expect(error?.code == .dataLoss && error?.message.contains("'tally 2'") == true)

    try write("tally 2\n")
    try directory.open().close()
  }

  @Test func `that is missing beside other files means that it is no data directory`() throws {
    try FileManager.default.createDirectory(
      atPath: directory.path, withIntermediateDirectories: false)
    try Data("mine".utf8).write(to: URL(filePath: directory.path + "/letter"))

    #expect(refusal()?.code == .failed)
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["letter"])
  }

  @Test(arguments: [(0, 3, true), (2, 3, true), (0, 1, false), (2, 1, false)])
  func `is stated in the tables too`(offset: Int, number: Int, isNewer: Bool) throws {
    try directory.open().close()
    do {
      let database = try Database(
        directory: directory.path, options: .init(mapSizeBytes: 64 << 20))
      try overwrite(.meta, Array("store".utf8), in: database) { body in
        body[offset] = UInt8(number)
      }
    }

    #expect(refusal()?.code == (isNewer ? .newerFormat : .olderFormat))
  }
}
