/// Events that wait to be taken, in order.
struct Mailbox {
  private var events: [Event] = []
  private var taken = 0

  mutating func add(_ event: Event) {
    events.append(event)
  }

  var isEmpty: Bool { taken == events.count }

  mutating func next() -> Event? {
    guard taken < events.count else {
      if taken > 0 {
        events.removeAll(keepingCapacity: true)
        taken = 0
      }
      return nil
    }
    defer { taken += 1 }
    return events[taken]
  }
}

/// The region that frames are written to during one call of `serialize`.
struct Output {
  /// A frame header of 9 bytes and the largest payload we send.
  static let frameBytes = 9 + 16_384

  /// Memory of the caller of `serialize`; empty between its calls.
  private var region = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private(set) var used = 0
  /// What nghttp2 gave to send and the region did not hold yet. nghttp2 keeps it until the next
  /// call of `mem_send`, which only comes when this is empty.
  var pending = UnsafeRawBufferPointer(start: nil, count: 0)

  mutating func begin(_ region: UnsafeMutableRawBufferPointer) {
    self.region = region
    used = 0
  }

  mutating func end() {
    region = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  }

  var hasRoomForFrame: Bool { region.count - used >= Self.frameBytes }

  /// Moves what is pending to the region. `false` when a whole frame may not fit behind it.
  mutating func copyPending() -> Bool {
    let count = min(pending.count, region.count - used)
    if count > 0 {
      UnsafeMutableRawBufferPointer(rebasing: region[used...]).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: pending[..<count]))
      used += count
      pending = UnsafeRawBufferPointer(rebasing: pending[count...])
    }
    return pending.isEmpty && hasRoomForFrame
  }

  /// Where the payload of the next DATA frame goes: behind the room for its header.
  func payload(_ count: Int) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(rebasing: region[used + 9..<used + 9 + count])
  }

  /// Puts the frame header in front of a payload that is there already.
  mutating func completeFrame(header: UnsafeRawBufferPointer, payloadCount: Int) {
    UnsafeMutableRawBufferPointer(rebasing: region[used..<used + 9]).copyMemory(from: header)
    used += 9 + payloadCount
  }
}

/// The header block that is arriving; a connection has one at a time.
struct IncomingBlock {
  private var block = HeaderBlock()
  private var listBytes = 0
  private var isOversized = false
  /// Whether a block has begun and is not complete.
  var isArriving = false {
    didSet { if isArriving { number &+= 1 } }
  }
  /// Tells one block from the next.
  private(set) var number: UInt64 = 0

  enum OnField {
    case keep
    case resetStream
  }

  mutating func begin() {
    block = HeaderBlock(reserving: 12, bytes: 256)
    listBytes = 0
    isOversized = false
    isArriving = true
  }

  /// Adds a field while the block is within `limit`; beyond it only the size is counted.
  mutating func add(
    _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, limit: Int
  ) -> OnField {
    listBytes += name.count + value.count + 32
    if listBytes > limit {
      if !isOversized { block = HeaderBlock() }
      isOversized = true
      return listBytes > 4 * limit ? .resetStream : .keep
    }
    block.add(name, value)
    return .keep
  }

  mutating func take(_ kind: HeadersKind) -> (HeaderBlock, HeadersKind) {
    isArriving = false
    defer { block = HeaderBlock() }
    return (block, isOversized ? .oversized : kind)
  }
}
