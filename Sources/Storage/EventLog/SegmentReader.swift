/// Reads the records of one segment file, forward, through a buffer.
final class SegmentReader {
  let path: String
  private let file: OpenFile
  private let seed: UInt32
  private var buffer: [UInt8]
  /// Where in the file the buffer begins, and how much of it holds bytes of the file.
  private var bufferOffset = 0
  private var bufferCount = 0

  private static let chunkBytes = 256 << 10

  init(path: String, seed: UInt32) throws(EventLogError) {
    self.path = path
    self.seed = seed
    file = try OpenFile(path, flags: 0)
    buffer = [UInt8](repeating: 0, count: Self.chunkBytes)
  }

  func sizeBytes() throws(EventLogError) -> Int { try file.sizeBytes() }

  /// Shows what lies at `offset`, looking at no byte from `end` on.
  func show<R>(
    at offset: Int, end: Int, _ body: (ParsedRecord) -> R
  ) throws(EventLogError) -> R {
    try load(offset, count: RecordLayout.fixedBytes, end: end)
    let size = buffer.withUnsafeBytes { bytes -> Int? in
      let window = window(bytes, offset)
      return window.count < 8 ? nil : try? RecordLayout.size(window).get()
    }
    if let size { try load(offset, count: size, end: end) }
    return buffer.withUnsafeBytes { body(RecordLayout.parse(window($0, offset), seed: seed)) }
  }

  /// Whether there is any byte but 0 from `offset` to the end of the file.
  func hasBytes(from offset: Int) throws(EventLogError) -> Bool {
    try nextWord(from: offset) != nil
  }

  /// The first multiple of 8 from `offset` on at which not all 8 bytes are 0.
  func nextWord(from offset: Int) throws(EventLogError) -> Int? {
    let end = try sizeBytes()
    var offset = offset
    while offset < end {
      try load(offset, count: min(Self.chunkBytes, end - offset), end: end)
      let (found, count) = buffer.withUnsafeBytes { bytes -> (Int?, Int) in
        let window = window(bytes, offset)
        var at = 0
        while at + 8 <= window.count {
          if window.loadUnaligned(fromByteOffset: at, as: UInt64.self) != 0 {
            return (at, window.count)
          }
          at += 8
        }
        let rest = window[at...].contains { $0 != 0 }
        return (rest ? at : nil, window.count)
      }
      if let found { return offset + found }
      if count == 0 { return nil }
      offset += count
    }
    return nil
  }

  private func window(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UnsafeRawBufferPointer {
    bytes.part(offset - bufferOffset, bufferOffset + bufferCount - offset)
  }

  /// Sees to it that the buffer holds `count` bytes from `offset` on, or all there are.
  private func load(_ offset: Int, count: Int, end: Int) throws(EventLogError) {
    let needed = max(0, min(count, end - offset))
    if offset >= bufferOffset && offset + needed <= bufferOffset + bufferCount { return }
    let wanted = max(0, min(max(needed, Self.chunkBytes), end - offset))
    if buffer.count < wanted {
      buffer = [UInt8](repeating: 0, count: wanted)
    }
    let read = buffer.withUnsafeMutableBytes { bytes in
      Result { () throws(EventLogError) in
        try file.read(
          into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<wanted]), at: offset)
      }
    }
    bufferOffset = offset
    bufferCount = 0
    bufferCount = try read.get()
  }
}
