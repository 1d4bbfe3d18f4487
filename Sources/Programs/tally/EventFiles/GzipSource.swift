internal import CZlib

/// The uncompressed bytes of a gzip stream of one or more members (RFC 1952), a chunk at a time.
final class GzipSource: ByteSource {
  private let source: any ByteSource
  private let name: String
  private var input: [UInt8]
  private var position = 0
  // The stream lives at one address, because zlib's state points back at it.
  private let stream: UnsafeMutablePointer<z_stream>
  private var isInMember = true
  /// Damage that was found behind bytes which are given out first.
  private var damage: CommandError?

  /// - Parameter head: bytes of the source that were read already.
  init(_ source: any ByteSource, name: String, head: [UInt8]) {
    self.source = source
    self.name = name
    input = head
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let result = tally_inflate_init_gzip(stream)
    // Z_MEM_ERROR and Z_VERSION_ERROR are all that can come of constant arguments.
    precondition(result == Z_OK, "zlib cannot start (\(result))")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  var consumed: UInt64 { source.consumed }

  func read(into buffer: inout [UInt8]) throws(CommandError) -> Int {
    let start = buffer.count
    if let damage { throw damage }
    while buffer.count == start {
      if position == input.count, try !refill() {
        if isInMember { throw damaged("it ends in the middle") }
        return 0
      }
      if !isInMember, try !beginMember() { return 0 }
      try inflateChunk(into: &buffer)
    }
    return buffer.count - start
  }

  /// - Returns: false at the end of the file.
  private func refill() throws(CommandError) -> Bool {
    input.removeAll(keepingCapacity: true)
    position = 0
    return try source.read(into: &input) > 0
  }

  /// Between members: another one, or the zeros with which tapes and blocks are filled up.
  ///
  /// - Returns: false when only zeros are left.
  private func beginMember() throws(CommandError) -> Bool {
    while true {
      while position < input.count, input[position] == 0 { position += 1 }
      if position < input.count { break }
      if try !refill() { return false }
    }
    if input[position] != 0x1F { throw damaged("something follows its last member") }
    inflateReset(stream)
    isInMember = true
    return true
  }

  /// Bytes in front of damage are good: they are given out before it is told.
  private func inflateChunk(into buffer: inout [UInt8]) throws(CommandError) {
    var result = Z_OK
    let start = buffer.count
    input.withUnsafeMutableBufferPointer { input in
      stream.pointee.next_in = input.baseAddress?.advanced(by: position)
      stream.pointee.avail_in = UInt32(input.count - position)
      buffer.append(addingCapacity: FileSource.chunkBytes) { room in
        room.withUnsafeMutableBufferPointer { bytes, used in
          stream.pointee.next_out = bytes.baseAddress
          stream.pointee.avail_out = UInt32(bytes.count)
          result = inflate(stream, Z_NO_FLUSH)
          used = bytes.count - Int(stream.pointee.avail_out)
        }
      }
    }
    position = input.count - Int(stream.pointee.avail_in)
    switch result {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: isInMember = false
    default:
      let error = damaged(stream.pointee.msg.map { String(cString: $0) } ?? "zlib error \(result)")
      if buffer.count == start { throw error }
      damage = error
    }
  }

  private func damaged(_ why: String) -> CommandError {
    CommandError(
      code: .format,
      message: "'\(name)' is a damaged gzip file (\(why)). Compress or copy it again; events"
        + " before the damage were read, and sending them twice is harmless.")
  }
}
