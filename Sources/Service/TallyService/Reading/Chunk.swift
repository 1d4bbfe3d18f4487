/// Framed bytes of one report, on their way from the reader loop to the network loop.
///
/// A value that is moved, never shared: its memory is used again once it is sent.
struct Chunk: Sendable {
  /// All memory; the first `count` bytes are written, the first `taken` of them are sent.
  private var memory: [UInt8]
  private(set) var count = 0
  private(set) var taken = 0

  init(capacity: Int) {
    memory = [UInt8](repeating: 0, count: capacity)
  }

  /// Bytes written and not yet taken.
  var remaining: Int { count - taken }
  /// Bytes that fit in before it must grow.
  var room: Int { memory.count - count }
  /// Bytes of memory.
  var capacity: Int { memory.count }

  /// Makes it empty and keeps its memory.
  mutating func clear() {
    count = 0
    taken = 0
  }

  /// Has room for at least `bytes` more afterwards.
  mutating func reserve(_ bytes: Int) {
    guard room < bytes else { return }
    memory.append(contentsOf: repeatElement(0, count: max(bytes - room, memory.count / 2)))
  }

  /// Lends the room behind what is written; `body` returns how many bytes of it it used.
  mutating func append<E: Error>(
    _ body: (UnsafeMutableRawBufferPointer) throws(E) -> Int
  ) throws(E) {
    var failure: E?
    memory.withUnsafeMutableBytes { all in
      do throws(E) {
        count += try body(UnsafeMutableRawBufferPointer(rebasing: all[count...]))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  /// Copies the next bytes to `out`, as many as fit, and counts them as sent.
  mutating func take(into out: UnsafeMutableRawBufferPointer) -> Int {
    let size = min(out.count, remaining)
    guard size > 0, let target = out.baseAddress else { return 0 }
    memory.withUnsafeBytes { all in
      if let source = all.baseAddress {
        target.copyMemory(from: source + taken, byteCount: size)
      }
    }
    taken += size
    return size
  }

  /// Lends the bytes that are not taken yet.
  func withRemaining<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
    memory.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[taken..<count])) }
  }

  /// Gives back memory that is not used: worth it for a chunk that may wait long.
  mutating func shrink() {
    guard count < memory.count / 2 else { return }
    memory = Array(memory[..<count])
  }
}
