internal import CArena
public import CProtobufC

/// A message unpacked by protobuf-c, and the memory it lies in.
///
/// Bounded against hostile messages (protobuf-c makes 218 MB of some 4 MiB): the arena gives at
/// most 8 MiB and 16 times the message's size, and never more than 64 MiB; the same bound holds
/// for the Swift values that are made from it. Messages nest at most 100 deep.
public struct Arena: ~Copyable {
  private let arena: OpaquePointer
  private let message: UnsafePointer<ProtobufCMessage>

  /// Messages in one another, the outermost counted. Google's parsers allow 100 too.
  static let depthLimit = 100

  /// The memory that a message of `count` bytes may take, in bytes.
  package static func limit(count: Int) -> Int { min(64 << 20, 8 << 20 + 16 * count) }

  public init(
    unpacking bytes: UnsafeRawBufferPointer,
    as descriptor: UnsafePointer<ProtobufCMessageDescriptor>
  ) throws(DecodeError) {
    try self.init(unpacking: bytes, as: descriptor, limit: Self.limit(count: bytes.count))
  }

  /// With a limit of memory of its own: for tests of what happens when it is reached.
  package init(
    unpacking bytes: UnsafeRawBufferPointer,
    as descriptor: UnsafePointer<ProtobufCMessageDescriptor>, limit: Int
  ) throws(DecodeError) {
    // protobuf-c wants a pointer, even to nothing.
    var nothing: UInt8 = 0
    let unpacked = withUnsafePointer(to: &nothing) { nothing in
      let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? nothing
      return tally_unpack(descriptor, start, bytes.count, Self.depthLimit, limit)
    }
    guard let arena = unpacked.arena, let message = unpacked.message else {
      let name = String(cString: descriptor.pointee.name)
      throw Self.error(unpacked, "\(name) of \(bytes.count) bytes", limit: limit)
    }
    self.arena = arena
    self.message = message
  }

  deinit { tally_arena_free(arena) }

  /// Makes a value from the unpacked message, whose descriptor is that of `C`.
  @inlinable public consuming func read<C, Value>(
    _ make: (UnsafePointer<C>) throws(DecodeError) -> Value
  ) throws(DecodeError) -> Value {
    try make(UnsafeRawPointer(pointer).assumingMemoryBound(to: C.self))
  }

  /// The message packed by protobuf-c, for tests of the encoder.
  package func packed() -> [UInt8] {
    let size = protobuf_c_message_get_packed_size(message)
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = size == 0 ? 0 : protobuf_c_message_pack(message, buffer.baseAddress)
    }
  }

  /// The bytes that the unpacked message takes.
  package var size: Int { tally_arena_size(arena) }

  @usableFromInline var pointer: UnsafePointer<ProtobufCMessage> { message }

  private static func error(
    _ unpacked: tally_unpacked, _ what: String, limit: Int
  ) -> DecodeError {
    switch unpacked.code {
    case TALLY_UNPACK_TOO_DEEP:
      DecodeError(.tooDeep, "\(what): messages lie more than \(depthLimit) deep in one another")
    case TALLY_UNPACK_TOO_LARGE:
      DecodeError(.tooLarge, "\(what) needs more than the \(limit) bytes of memory it may take")
    case TALLY_UNPACK_NO_MEMORY: DecodeError(.tooLarge, "\(what): there is no memory for it")
    case TALLY_UNPACK_WRONG_TYPE:
      DecodeError(.malformed, "\(what): a field has another type on the wire")
    default:
      DecodeError(.malformed, "\(what): the field at byte \(unpacked.offset) is cut off or unusual")
    }
  }
}
