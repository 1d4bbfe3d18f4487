internal import Foundation
internal import GRPC
internal import Protobuf
internal import Synchronization

/// Messages on stdin and stdout, each behind its length in four bytes, the highest first.
enum Frames {
  /// The next message from stdin; `nil` at its end. Blocks.
  static func read<M: Message>(_ type: M.Type) throws -> M? {
    guard let prefix = try bytes(4) else { return nil }
    let length = prefix.reduce(0) { $0 << 8 | Int($1) }
    guard let body = try bytes(length) else {
      throw RPCError(.dataLoss, "stdin ended in the middle of a message")
    }
    return try M(decoding: body)
  }

  /// Writes one message to stdout; from any thread.
  static func write(_ message: some Message) throws {
    let body = message.encoded()
    let prefix = withUnsafeBytes(of: UInt32(body.count).bigEndian) { Data($0) }
    try output.withLock { try $0.write(contentsOf: prefix + body) }
  }

  private static let output = Mutex(FileHandle.standardOutput)

  private static func bytes(_ count: Int) throws -> [UInt8]? {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let chunk = try FileHandle.standardInput.read(upToCount: count - bytes.count) ?? Data()
      guard !chunk.isEmpty else {
        guard bytes.isEmpty else {
          throw RPCError(.dataLoss, "stdin ended in the middle of a message")
        }
        return nil
      }
      bytes += chunk
    }
    return bytes
  }
}
