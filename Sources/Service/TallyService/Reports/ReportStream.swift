internal import GRPC
internal import TallyMessages
internal import TallyStore

/// Tags of a response's fields 1 and 3.
private enum Field {
  static let header: UInt8 = 0x0A
  static let trailer: UInt8 = 0x1A
}

/// Header, rows and trailer of a report as framed messages.
///
/// All five reports have the same envelope: field 1 the header, 2 the rows, 3 the trailer. What is
/// compressed is compressed here, on the reader loop.
final class ReportStream<Source: RowSource>: ChunkProducer {
  private let source: Source
  private let header: ReportHeader
  private let maxRowsPerPart: Int
  private let messageBytes: Int
  private let failures: Failures
  /// Where a message is compressed to; empty if none is.
  private var compressed: [UInt8] = []
  private let compression: Compression
  private var isHeaderSent = false
  private var rows: UInt64 = 0
  private var digest: UInt32 = 0
  private var lengthBytes = 2

  /// - Parameters:
  ///   - header: all of it but the number of rows.
  ///   - maxRowsPerPart: as the request has it; 0 leaves it to the server.
  ///   - compression: of the messages with rows; header and trailer are small.
  init(
    _ source: Source, header: ReportHeader, maxRowsPerPart: UInt32, messageBytes: Int,
    compression: Compression = .identity, failures: Failures
  ) {
    self.source = source
    var header = header
    header.rowCount = source.rowCount.bound
    header.rowCountExact = source.rowCount.isExact
    self.header = header
    self.maxRowsPerPart = maxRowsPerPart == 0 ? .max : Int(maxRowsPerPart)
    self.messageBytes = messageBytes
    self.compression = compression
    self.failures = failures
  }

  var rowBound: UInt64 { header.rowCount }

  func fill(_ chunk: inout Chunk, limit: Int) throws(RPCError) -> Bool {
    if !isHeaderSent {
      Self.append(header, as: Field.header, to: &chunk)
      isHeaderSent = true
    }
    // Another message only if it can have a decent size.
    while chunk.count < max(limit - messageBytes / 2, 1) || chunk.count < limit / 2 {
      guard try appendRows(&chunk, targetBytes: min(messageBytes, limit - chunk.count)) else {
        try checkRowCount()
        Self.append(trailer, as: Field.trailer, to: &chunk)
        return false
      }
    }
    return true
  }

  /// A report that has not the rows that its header promised ends without a trailer: records were
  /// lost from a table, or came twice.
  private func checkRowCount() throws(RPCError) {
    guard header.rowCountExact, rows != header.rowCount else { return }
    throw failures.status(
      of: StoreError(
        code: .dataLoss,
        message: "\(Source.self) has \(rows) rows, and the counts of its snapshot say"
          + " \(header.rowCount): run tally verify, or restore a backup"))
  }

  /// One message of rows, or nothing if there are none.
  ///
  /// - Returns: whether there are more.
  private func appendRows(_ chunk: inout Chunk, targetBytes: Int) throws(RPCError) -> Bool {
    var room = targetBytes + 8 + FramedMessage.prefixLength
    while true {
      chunk.reserve(room)
      var hasMore = true
      var wantedBytes = 0
      try chunk.append { (memory) throws(RPCError) in
        let body = UnsafeMutableRawBufferPointer(rebasing: memory[FramedMessage.prefixLength...])
        var writer = RowWriter(
          body, targetBytes: targetBytes, maxRows: maxRowsPerPart, digest: digest,
          lengthBytes: lengthBytes)
        do {
          hasMore = try source.write(to: &writer)
        } catch {
          throw failures.status(of: error)
        }
        guard writer.rows > 0 else {
          wantedBytes = writer.wantedBytes
          return 0
        }
        rows += UInt64(writer.rows)
        digest = writer.digest
        lengthBytes = writer.usualLengthBytes
        return frame(body, count: writer.count, in: memory)
      }
      guard hasMore, wantedBytes > 0 else { return hasMore }
      // A row that is larger than the rest of the chunk.
      room = wantedBytes + FramedMessage.prefixLength
    }
  }

  /// Writes the prefix of a message that lies in `body`, behind compressing it if that is asked for
  /// and makes it smaller.
  ///
  /// - Returns: the length of prefix and message.
  private func frame(
    _ body: UnsafeMutableRawBufferPointer, count: Int, in memory: UnsafeMutableRawBufferPointer
  ) -> Int {
    guard compression == .gzip else {
      FramedMessage.writePrefix(count: count, to: memory)
      return FramedMessage.prefixLength + count
    }
    if compressed.count < count { compressed = [UInt8](repeating: 0, count: count) }
    let plain = UnsafeRawBufferPointer(rebasing: body[..<count])
    let size = compressed.withUnsafeMutableBytes { room -> Int? in
      let out = UnsafeMutableRawBufferPointer(rebasing: room[..<(count - 1)])
      guard let size = Gzip.compress(plain, into: out) else { return nil }
      body.copyMemory(from: UnsafeRawBufferPointer(rebasing: out[..<size]))
      return size
    }
    FramedMessage.writePrefix(count: size ?? count, isCompressed: size != nil, to: memory)
    return FramedMessage.prefixLength + (size ?? count)
  }

  private var trailer: ReportTrailer {
    ReportTrailer(
      rowCount: rows,
      sums: zip(Source.columns, source.sums).map { ColumnSum(column: $0, sum: $1) },
      digest: digest, complete: true)
  }

  /// A response with one message field.
  private static func append(_ message: some Message, as field: UInt8, to chunk: inout Chunk) {
    let size = message.encodedSize
    // Tag, a length of at most five bytes, prefix.
    chunk.reserve(size + 6 + FramedMessage.prefixLength)
    chunk.append { memory in
      var offset = FramedMessage.prefixLength
      memory[offset] = field
      offset += 1
      var rest = size
      while rest >= 0x80 {
        memory[offset] = UInt8(truncatingIfNeeded: rest) | 0x80
        rest >>= 7
        offset += 1
      }
      memory[offset] = UInt8(truncatingIfNeeded: rest)
      offset += 1
      message.encode(to: UnsafeMutableRawBufferPointer(rebasing: memory[offset...]))
      offset += size
      FramedMessage.writePrefix(count: offset - FramedMessage.prefixLength, to: memory)
      return offset
    }
  }
}
