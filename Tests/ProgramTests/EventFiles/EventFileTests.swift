internal import Foundation
internal import Testing

@testable internal import tally

/// Bytes in memory, handed out a few at a time so that every border is met.
private final class ScriptedSource: ByteSource {
  private var rest: ArraySlice<UInt8>
  private let step: Int
  private(set) var consumed: UInt64 = 0

  init(_ bytes: [UInt8], step: Int) {
    rest = bytes[...]
    self.step = step
  }

  func read(into buffer: inout [UInt8]) throws(CommandError) -> Int {
    let taken = rest.prefix(step)
    rest = rest.dropFirst(step)
    buffer.append(contentsOf: taken)
    consumed += UInt64(taken.count)
    return taken.count
  }
}

/// All records, and the error that ended the file, if one did.
private func read(_ bytes: [UInt8], step: Int = 3) -> ([EventFile.Record], CommandError?) {
  var records: [EventFile.Record] = []
  do throws(CommandError) {
    var file = try EventFile(ScriptedSource(bytes, step: step), name: "f", size: nil)
    while let record = try file.next() { records.append(record) }
    return (records, nil)
  } catch {
    return (records, error)
  }
}

private func line(_ number: Int, _ text: String) -> EventFile.Record {
  EventFile.Record(number: number, content: .json(Array(text.utf8)))
}

/// What gzip(1) makes of the bytes: another program, so that ours is not its own witness.
private func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
  let name = FileManager.default.temporaryDirectory
    .appendingPathComponent("tally-gzip-\(UUID().uuidString)")
  defer { try? FileManager.default.removeItem(at: name) }
  try Data(bytes).write(to: name)
  let program = Process()
  program.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  program.arguments = ["gzip", "-c", name.path]
  let pipe = Pipe()
  program.standardOutput = pipe
  try program.run()
  let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
  program.waitUntilExit()
  return Array(output)
}

@Suite struct `event file` {
  @Test(arguments: [1, 2, 3, 1000])
  func `lines are numbered from 1 and empty ones are counted and skipped`(step: Int) {
    let text = "{\"a\":1}\n\n  \r\n{\"b\":2}\r\n{}"

    let (records, error) = read(Array(text.utf8), step: step)

    #expect(error == nil)
    #expect(records == [line(1, "{\"a\":1}"), line(4, "{\"b\":2}\r"), line(5, "{}")])
  }

  @Test func `a byte order mark is not part of the first line`() {
    let (records, _) = read([0xEF, 0xBB, 0xBF] + Array("{}\n".utf8))

    #expect(records == [line(1, "{}")])
    #expect(read([0xEF, 0xBB, 0xBF] + Array("{}\n".utf8), step: 1).0 == records)
  }

  @Test func `an empty file has no records`() {
    #expect(read([]) == ([], nil))
    #expect(read(Array("\n\n".utf8)) == ([], nil))
  }

  @Test(arguments: [1, 2, 7, 1000])
  func `length-delimited records are found by their first bytes`(step: Int) {
    // A record of 123 bytes begins like JSON; its first field is the time.
    let long: [UInt8] = [0x0A] + Array(repeating: 1, count: 122)
    let wide: [UInt8] = [0x0A] + Array(repeating: 2, count: 299)
    let bytes = [123] + long + [0xAC, 0x02] + wide + [0]

    let (records, error) = read(bytes, step: step)

    #expect(error == nil)
    #expect(records.map(\.number) == [1, 2, 3])
    #expect(records.map(\.content) == [.protobuf(long), .protobuf(wide), .protobuf([])])
  }

  @Test func `a file cut in a record gives the records before and says where`() {
    let (records, error) = read([2, 0x0A, 0x00, 9, 0x0A])

    #expect(records == [EventFile.Record(number: 1, content: .protobuf([0x0A, 0x00]))])
    #expect(error?.code == .format)
    #expect(error?.message.contains("middle of record 2") == true)
  }

  @Test func `a file that is neither is refused with what to do`() {
    #expect(read([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]).1?.message.contains("4 MiB") == true)
    #expect(read(Array("[{}]".utf8)).1?.message.contains("JSON array") == true)
  }

  @Test func `a line longer than a message is named and the next one is read`() {
    let long = "{" + String(repeating: "x", count: EventFile.largestRecordBytes + 10)

    let (records, error) = read(Array((long + "\n{}\n").utf8), step: 1 << 20)

    #expect(error == nil)
    #expect(records.count == 2)
    guard case .unreadable? = records.first?.content else {
      Issue.record("a line of 4 MiB was read")
      return
    }
    #expect(records.last == line(2, "{}"))
  }
}

@Suite struct `gzip event file` {
  @Test(arguments: [1, 5, 1000])
  func `members one after the other are one file, zeros behind are ignored`(step: Int) throws {
    let bytes = try gzip(Array("{\"a\":1}\n{".utf8)) + gzip(Array("}\n".utf8)) + [0, 0, 0]

    let (records, error) = read(bytes, step: step)

    #expect(error == nil)
    #expect(records == [line(1, "{\"a\":1}"), line(2, "{}")])
  }

  @Test func `what compresses well is read in bounded steps`() throws {
    let text = String(
      repeating: "{\"a\":\"" + String(repeating: "a", count: 990) + "\"}\n", count: 3_000)

    let (records, error) = try read(gzip(Array(text.utf8)), step: 4_096)

    #expect(error == nil)
    #expect(records.count == 3_000)
    #expect(records.last?.number == 3_000)
  }

  @Test func `a file cut short gives what is there and an error`() throws {
    let whole = try gzip(Array(String(repeating: "{\"a\":1}\n", count: 100).utf8))

    let (_, cut) = read(whole.dropLast(9))
    let (records, noisy) = read(whole + [1, 2, 3])

    #expect(cut?.message.contains("it ends in the middle") == true)
    #expect(records.count == 100)
    #expect(noisy?.message.contains("something follows") == true)
  }

  @Test func `what stands before damage is read, whatever the pieces`() throws {
    var bytes = try gzip(Array(String(repeating: "{\"a\":1}\n", count: 100).utf8))
    bytes[bytes.count - 5] ^= 0xFF

    for step in [1, 64, bytes.count] {
      let (records, error) = read(bytes, step: step)
      #expect(records.count == 100)
      #expect(error?.message.contains("damaged gzip file") == true)
    }
  }

  @Test func `damage is an error, not an end`() throws {
    var bytes = try gzip(Array(String(repeating: "{\"a\":1}\n", count: 100).utf8))
    bytes[bytes.count - 5] ^= 0xFF

    let (_, error) = read(bytes)

    #expect(error?.code == .format)
  }
}
