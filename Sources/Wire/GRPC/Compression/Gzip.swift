internal import CZlib
internal import Synchronization

/// Messages to and from gzip (RFC 1952), each one complete in itself.
///
/// zlib's states are lent from a pool: 256 KiB to compress and 40 KiB to inflate, for as long as
/// one message takes, however many calls are open.
package enum Gzip {
  /// Shorter messages never get smaller: header and trailer alone take 18 bytes.
  static let minBytes = 32

  /// zlib's fastest: event text becomes 14 times smaller at 500 MB/s. Level 6, the usual one, saves
  /// another seventh of that for two and a half times the work.
  private static let level: Int32 = 1

  private static let deflaters = ZPool { deflateEnd($0) }
  private static let inflaters = ZPool { inflateEnd($0) }

  /// Compresses `bytes` into `out`.
  ///
  /// - Returns: how many bytes it came to; `nil` if they do not fit.
  package static func compress(
    _ bytes: UnsafeRawBufferPointer, into out: UnsafeMutableRawBufferPointer
  ) -> Int? {
    let state = deflaters.take { tally_deflate_init_gzip($0, level) }
    defer { deflaters.give(state) }
    let stream = state.stream
    // Z_STREAM_ERROR is for states that are none.
    deflateReset(stream)
    stream.pointee.setInput(bytes)
    stream.pointee.setOutput(out)
    // Z_OK and Z_BUF_ERROR say that there is no room for the rest.
    guard deflate(stream, Z_FINISH) == Z_STREAM_END else { return nil }
    return out.count - Int(stream.pointee.avail_out)
  }

  /// The message compressed; `nil` if that does not make it smaller.
  static func compressed(_ message: MessageBytes) -> MessageBytes? {
    var bytes = [UInt8](unsafeUninitializedCapacity: message.count - 1) { out, count in
      count =
        message.withUnsafeBytes { compress($0, into: UnsafeMutableRawBufferPointer(out)) } ?? 0
    }
    guard !bytes.isEmpty else { return nil }
    // What waits in a queue should hold no more memory than it needs.
    if bytes.count < message.count / 2 { bytes = bytes.withUnsafeBufferPointer { Array($0) } }
    return MessageBytes(bytes, form: .gzip)
  }

  /// The plain form of a compressed message.
  ///
  /// - Throws: RESOURCE_EXHAUSTED as soon as it is longer than `limit`; INTERNAL if it is damaged.
  static func inflated(_ message: MessageBytes, limit: Int) throws(RPCError) -> MessageBytes {
    let state = inflaters.take { tally_inflate_init_gzip($0) }
    defer { inflaters.give(state) }
    inflateReset(state.stream)
    return try message.withUnsafeBytes { input throws(RPCError) in
      state.stream.pointee.setInput(input)
      // One byte more than is allowed shows that there are too many.
      var plain: [UInt8] = []
      var room = min(expectedBytes(input), limit) + 1
      while true {
        let step = state.step(&plain, room: min(room, limit + 1 - plain.count))
        guard plain.count <= limit else {
          throw RPCError(
            .resourceExhausted, "a message is larger than the limit of \(limit) bytes once inflated"
          )
        }
        switch step {
        case .goOn: room = max(plain.count, 4096)
        case .end: return MessageBytes(plain, form: .inflated)
        case .damaged(let why):
          throw RPCError(.internal, "a compressed message cannot be inflated: \(why)")
        }
      }
    }
  }

  /// What the last four bytes promise; a promise alone costs no more than the message could hold
  /// (deflate's best is 1,032 to 1), and memory that is not written is not used.
  private static func expectedBytes(_ input: UnsafeRawBufferPointer) -> Int {
    guard input.count >= 18 else { return 64 }
    let promise = input.loadUnaligned(fromByteOffset: input.count - 4, as: UInt32.self)
    return min(Int(UInt32(littleEndian: promise)), input.count * 1032)
  }
}

/// One state of zlib, for one thread at a time.
///
/// Unchecked: whoever took it from its pool has it alone until it is given back.
private final class ZState: @unchecked Sendable {
  /// At one address, because zlib's state points back at it.
  let stream: UnsafeMutablePointer<z_stream>
  private let end: @Sendable (UnsafeMutablePointer<z_stream>) -> Int32

  enum OnStep {
    case goOn
    case end
    case damaged(String)
  }

  init(
    start: (UnsafeMutablePointer<z_stream>) -> Int32,
    end: @escaping @Sendable (UnsafeMutablePointer<z_stream>) -> Int32
  ) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    self.end = end
    let result = start(stream)
    // Z_MEM_ERROR and Z_VERSION_ERROR are all that can come of constant arguments.
    precondition(result == Z_OK, "zlib cannot start (\(result))")
  }

  deinit {
    _ = end(stream)
    stream.deallocate()
  }

  /// Inflates at most `room` bytes behind those of `plain`.
  func step(_ plain: inout [UInt8], room: Int) -> OnStep {
    var result = Z_OK
    plain.append(addingCapacity: room) { span in
      span.withUnsafeMutableBufferPointer { bytes, used in
        stream.pointee.setOutput(
          UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: bytes[..<room])))
        result = inflate(stream, Z_NO_FLUSH)
        used = room - Int(stream.pointee.avail_out)
      }
    }
    switch result {
    case Z_OK where stream.pointee.avail_out == 0: return .goOn
    case Z_OK, Z_BUF_ERROR: return .damaged("it ends in the middle")
    case Z_STREAM_END where stream.pointee.avail_in > 0:
      // Members may be joined (RFC 1952 §2.2); the next one must begin as such.
      let (next, count) = (stream.pointee.next_in, stream.pointee.avail_in)
      inflateReset(stream)
      stream.pointee.next_in = next
      stream.pointee.avail_in = count
      return .goOn
    case Z_STREAM_END: return .end
    default:
      return .damaged(stream.pointee.msg.map { String(cString: $0) } ?? "zlib error \(result)")
    }
  }
}

/// States of one kind that wait to be used again; a few, since each is used for a moment only.
private final class ZPool: Sendable {
  private static let maxIdle = 16

  private let idle = Mutex<[ZState]>([])
  private let end: @Sendable (UnsafeMutablePointer<z_stream>) -> Int32

  init(end: @escaping @Sendable (UnsafeMutablePointer<z_stream>) -> Int32) {
    self.end = end
  }

  func take(_ start: (UnsafeMutablePointer<z_stream>) -> Int32) -> ZState {
    idle.withLock { $0.popLast() } ?? ZState(start: start, end: end)
  }

  func give(_ state: ZState) {
    idle.withLock { idle in
      if idle.count < Self.maxIdle { idle.append(state) }
    }
  }
}

extension z_stream {
  /// zlib declares its input mutable and only reads it. A message is shorter than 4 GiB: its
  /// length travels in 32 bits.
  fileprivate mutating func setInput(_ bytes: UnsafeRawBufferPointer) {
    next_in = UnsafeMutablePointer(mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
    avail_in = UInt32(bytes.count)
  }

  fileprivate mutating func setOutput(_ bytes: UnsafeMutableRawBufferPointer) {
    next_out = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    avail_out = UInt32(bytes.count)
  }
}
