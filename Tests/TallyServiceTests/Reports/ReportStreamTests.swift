internal import CChecksum
internal import GRPC
internal import Logging
internal import TallyMessages
internal import Testing

@testable internal import TallyService

/// Rows of given sizes.
private final class SizedRows: RowSource {
  static let columns = ["documents"]
  let sizes: [Int]
  let rowCount: RowCount
  private(set) var sums: [UInt64] = [0]
  private var next = 0

  init(_ sizes: [Int], rowCount: RowCount? = nil) {
    self.sizes = sizes
    self.rowCount = rowCount ?? .exactly(UInt64(sizes.count))
  }

  func write(to rows: inout RowWriter) throws -> Bool {
    while next < sizes.count {
      let text = [UInt8](repeating: UInt8(ascii: "x"), count: sizes[next])
      guard rows.hasRoom(for: text.count + 16) else { return true }
      rows.begin()
      text.withUnsafeBytes { rows.text(2, $0) }
      rows.number(11, UInt64(next))
      rows.end()
      sums[0] += UInt64(next)
      next += 1
    }
    return false
  }
}

@Suite struct `a report as messages` {
  private func responses(
    _ sizes: [Int], maxRows: UInt32 = 0, limit: Int = 128 << 10, rowCount: RowCount? = nil
  ) throws -> [CoursesResponse] {
    let stream = ReportStream(
      SizedRows(sizes, rowCount: rowCount), header: ReportHeader(rulesVersion: 2),
      maxRowsPerPart: maxRows,
      messageBytes: 64 << 10,
      failures: Failures(Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
    var bytes: [UInt8] = []
    var goesOn = true
    while goesOn {
      var chunk = Chunk(capacity: 4096)
      goesOn = try stream.fill(&chunk, limit: limit)
      bytes += chunk.withRemaining { Array($0) }
    }
    var responses: [CoursesResponse] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.dropFirst().prefix(4).reduce(0) { $0 << 8 | Int($1) }
      responses.append(try CoursesResponse(decoding: Array(rest.dropFirst(5).prefix(count))))
      rest = rest.dropFirst(5 + count)
    }
    return responses
  }

  @Test func `has the rows that its header promised, or no trailer`() throws {
    for promised in [UInt64(2), 4] {
      let error = #expect(throws: RPCError.self) {
        try responses([10, 20, 30], rowCount: .exactly(promised))
      }
      #expect(error?.code == .dataLoss)
    }
    #expect(try responses([10, 20, 30], rowCount: .exactly(3)).last?.trailer?.rowCount == 3)
    #expect(try responses([10, 20, 30], rowCount: .atMost(4)).last?.trailer?.rowCount == 3)
  }

  @Test(arguments: [[], [0], [5, 200, 20_000, 3, 300_000, 1, 70_000, 127, 128, 16_383, 16_384]])
  func `rows of any size come whole and in order`(_ sizes: [Int]) throws {
    let responses = try responses(sizes)

    let rows = responses.flatMap(\.rows)
    #expect(rows.map { $0.name.utf8.count } == sizes)
    #expect(rows.map(\.documents) == sizes.indices.map { UInt64($0) })
    #expect(responses.first?.header?.rowCount == UInt64(sizes.count))
    let trailer = responses.last?.trailer
    #expect(trailer?.complete == true)
    #expect(trailer?.rowCount == UInt64(sizes.count))
    #expect(trailer?.sums.map(\.sum) == [UInt64(sizes.indices.reduce(0, +))])
    let digest = rows.reduce(UInt32(0)) { digest, row in
      row.encoded().withUnsafeBytes { tally_crc32c(digest, $0.baseAddress, $0.count) }
    }
    #expect(trailer?.digest == digest)
  }

  @Test func `a part has at most the rows that were asked for`() throws {
    let responses = try responses(Array(repeating: 10, count: 100), maxRows: 9)

    let parts = responses.dropFirst().dropLast().map(\.rows.count)
    #expect(parts == Array(repeating: 9, count: 11) + [1])
  }

  @Test func `the first chunk ends early`() throws {
    let responses = try responses(Array(repeating: 100, count: 100), limit: 4096)

    #expect(responses[1].rows.count < 45)
    #expect(responses.flatMap(\.rows).count == 100)
  }
}
