internal import CZlib
internal import TallyMessages

@testable internal import EventFiles

/// Files of events: lines of JSON or length-delimited protobuf, plain or gzip.
enum EventFileTarget: FuzzTarget {
  static let name = "event-files"

  /// The input: how the bytes come u8 (above 127: compressed first), the file.
  static func run(_ bytes: UnsafeRawBufferPointer) {
    var choices = Choices(bytes)
    let step = choices.byte()
    let file = choices.takeRest()
    let whole = read(file, step: file.count)
    require(whole == read(file, step: 1), "byte by byte it is another file")
    require(whole == read(file, step: Int(step) + 2), "in steps of \(step) it is another file")
    if step > 127 {
      // What begins like gzip is one more file inside of one: only one shell is taken off.
      let isShell = file.starts(with: [0x1F, 0x8B])
      let inner = read(gzip(file), step: Int(step))
      require(isShell || inner == whole, "compressed it is another file")
    }
    for record in whole.records { judge(record) }
  }

  static func seeds() -> [[UInt8]] {
    let lines = [
      #"{"occurredAt":"2024-03-01T10:00:00Z","group":{"groupId":"g","name":"Académie"}}"#,
      #"{"occurredAt":"2024-03-01T10:00:01.5Z","user":{"userId":"u","firstName":"Zoë"}}"#,
      #"{"occurred_at":"2024-03-01T10:00:02Z","reaction":{"userId":"u","courseId":"c","kind":1}}"#,
      "", #"{"occurredAt":"2024"}"#, "{}",
    ].map { Array($0.utf8) }
    let text = Array(lines.joined(separator: [0x0A]))
    let delimited = lines.flatMap { line -> [UInt8] in
      guard let wire = try? Event(json: line).encoded() else { return [] }
      return [UInt8(wire.count)] + wire
    }
    let plain = [
      text, text + [0x0A], [0xEF, 0xBB, 0xBF] + text, delimited, delimited.dropLast(3),
      Array("[{}]".utf8), [],
    ]
    let packed = plain.map { gzip(Array($0)) }
    let joined = packed[0] + packed[1] + [0, 0, 0]
    return (plain.map { Array($0) } + packed + [joined]).enumerated().map { index, file in
      [UInt8(index * 37 & 255)] + file
    }
  }

  struct Outcome: Equatable {
    var records: [EventFile.Record] = []
    var error: CommandError?
  }

  /// What a file of 64 KiB may hold if it is compressed: enough records to judge.
  private static let recordsMax = 5_000

  private static func read(_ bytes: [UInt8], step: Int) -> Outcome {
    var outcome = Outcome()
    do throws(CommandError) {
      var file = try EventFile(PieceSource(bytes, step: step), name: "f", size: nil)
      while outcome.records.count < recordsMax, let record = try file.next() {
        outcome.records.append(record)
      }
    } catch {
      outcome.error = error
    }
    return outcome
  }

  private static func judge(_ record: EventFile.Record) {
    switch record.content {
    case .json(let bytes), .protobuf(let bytes):
      require(bytes.count <= EventFile.largestRecordBytes, "a record of \(bytes.count) bytes")
    case .unreadable: break
    }
    guard case .success(let event) = EventDecoding.event(from: record.content) else { return }
    let again = EventDecoding.event(from: .protobuf(event.encoded()))
    guard case .success(let same) = again else { fatalError("an event cannot be read again") }
    require(same.encoded() == event.encoded(), "an event is another one after the wire")
  }

  /// What gzip makes of the bytes.
  private static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    // The gzip form: windowBits above 15.
    var status = deflateInit2_(
      &stream, 1, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    require(status == Z_OK, "zlib does not start")
    var bytes = bytes
    let room = bytes.count + bytes.count / 100 + 100
    let packed = [UInt8](unsafeUninitializedCapacity: room) { out, count in
      bytes.withUnsafeMutableBufferPointer { bytes in
        stream.next_in = bytes.baseAddress
        stream.avail_in = UInt32(bytes.count)
        stream.next_out = out.baseAddress
        stream.avail_out = UInt32(room)
        status = deflate(&stream, Z_FINISH)
        count = room - Int(stream.avail_out)
      }
    }
    require(status == Z_STREAM_END, "zlib does not end")
    deflateEnd(&stream)
    return packed
  }
}

/// Bytes in memory, a few at a time.
private final class PieceSource: ByteSource {
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
