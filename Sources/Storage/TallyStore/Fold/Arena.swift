/// Memory for what a fold keeps until it ends: blocks that do not move, given back all at once.
final class Arena {
  private static let blockSize = 1 << 20
  /// Blocks kept from fold to fold; more than that goes back after a large fold.
  private static let keptBlocks = 16

  private var blocks: [UnsafeMutableRawBufferPointer] = []
  private var block = -1
  private var used = 0

  deinit { for block in blocks { block.deallocate() } }

  /// `count` bytes that stay where they are until `reset`.
  @inline(__always)
  func take(_ count: Int) -> UnsafeMutableRawBufferPointer {
    if block < 0 || used + count > blocks[block].count { nextBlock(atLeast: count) }
    defer { used += count }
    return UnsafeMutableRawBufferPointer(rebasing: blocks[block][used..<used + count])
  }

  /// A copy of `bytes`.
  @inline(__always)
  func copy(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    guard !bytes.isEmpty else { return .none }
    let memory = take(bytes.count)
    memory.copyMemory(from: bytes)
    return UnsafeRawBufferPointer(memory)
  }

  /// A copy of the text's bytes.
  func copy(_ text: String) -> UnsafeRawBufferPointer {
    var text = text
    return text.withUTF8 { copy(UnsafeRawBufferPointer($0)) }
  }

  func copy(_ bytes: [UInt8]) -> UnsafeRawBufferPointer { bytes.withUnsafeBytes { copy($0) } }

  private func nextBlock(atLeast count: Int) {
    block += 1
    used = 0
    if block < blocks.count {
      if blocks[block].count >= count { return }
      blocks[block].deallocate()
      blocks[block] = .allocate(byteCount: count, alignment: 16)
      return
    }
    blocks.append(.allocate(byteCount: max(count, Self.blockSize), alignment: 16))
  }

  func reset() {
    while blocks.count > Self.keptBlocks { blocks.removeLast().deallocate() }
    block = -1
    used = 0
  }
}
