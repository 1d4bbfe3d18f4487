internal import GRPC

/// What lies between a report on its reader loop and the call on its network loop.
///
/// ```
///            put ─► ring of chunks ─► take
///  report                                    call
///            put ─► spool file     ─► take
/// ```
/// From ring to spool there is one way and none back. Without I/O and without a lock of its own:
/// whoever holds it carries out what it answers.
struct Pipe {
  /// What the reader loop may do next.
  enum OnRoom {
    /// Fill this chunk, then `put` it.
    case fill(Chunk)
    /// The ring is full: wait until `take` says that there is room.
    case park
    /// Write the next chunk to the spool file.
    case spool
    /// Nobody wants the rest.
    case stop
  }

  /// What the network loop may do next.
  enum OnTake {
    /// Send this chunk; with `resume` the report waits for room and must be told.
    case send(Chunk, resume: Bool)
    /// Send bytes of the spool file from the offset that was asked about.
    case read(SpoolFile, available: Int)
    /// Nothing now: whoever adds something will say that the call must be woken.
    case wait
    case finish(RPCError?)
  }

  /// How the report ended.
  private enum Ending {
    case complete
    case failed(RPCError)
  }

  private let ringChunks: Int
  private var ring: [Chunk] = []
  private var spare: [Chunk] = []
  private var file: SpoolFile?
  private var spooledBytes = 0
  private var ending: Ending?
  private var isParked = false
  private var isWaiting = false
  private(set) var isCancelled = false

  init(ringChunks: Int) {
    self.ringChunks = ringChunks
  }

  /// Whether the network could send something now.
  func hasBytes(after offset: Int) -> Bool {
    !ring.isEmpty || spooledBytes > offset
  }

  /// Whether nothing is to come from the report any more.
  var hasEnded: Bool { ending != nil || isCancelled }

  // MARK: The reader loop's side

  mutating func room(capacity: Int) -> OnRoom {
    if hasEnded { return .stop }
    if file != nil { return .spool }
    guard ring.count < ringChunks else {
      isParked = true
      return .park
    }
    guard var chunk = spare.popLast(), chunk.capacity >= capacity else {
      return .fill(Chunk(capacity: capacity))
    }
    chunk.clear()
    return .fill(chunk)
  }

  /// - Returns: whether the call must be woken.
  mutating func put(_ chunk: Chunk) -> Bool {
    guard !hasEnded else { return false }
    ring.append(chunk)
    return stopWaiting()
  }

  /// The first half of the switch: takes back all chunks that are not sent, oldest first.
  mutating func unsentChunks() -> [Chunk] {
    let chunks = ring
    ring = []
    spare = []
    return chunks
  }

  /// The second half: from now on the call reads `file`, which holds `bytes` bytes.
  mutating func switchToSpool(_ file: SpoolFile, bytes: Int) -> Bool {
    guard !hasEnded else { return false }
    self.file = file
    spooledBytes = bytes
    isParked = false
    return stopWaiting()
  }

  /// Empties the spool file; the call has read all of it.
  ///
  /// - Returns: false if that failed, or nobody reads it any more.
  mutating func restartSpool() -> Bool {
    guard !hasEnded, let file, file.empty() else { return false }
    spooledBytes = 0
    return true
  }

  /// The file has grown by so many bytes.
  mutating func spooled(_ bytes: Int) -> Bool {
    guard !hasEnded else { return false }
    spooledBytes += bytes
    return stopWaiting()
  }

  /// The last byte was put.
  mutating func complete() -> Bool {
    guard !hasEnded else { return false }
    ending = .complete
    spare = []
    return stopWaiting()
  }

  /// The report failed, or takes too long: what is not sent is dropped.
  mutating func fail(_ error: RPCError) -> Bool {
    guard !isCancelled else { return false }
    if case .failed = ending { return false }
    ending = .failed(error)
    drop()
    return stopWaiting()
  }

  // MARK: The network loop's side

  /// - Parameters:
  ///   - emptied: a chunk that is sent; its memory is used again.
  ///   - offset: bytes of the spool file that are sent.
  mutating func take(emptied: Chunk?, offset: Int) -> OnTake {
    if let emptied, file == nil, ending == nil, spare.count < 2 { spare.append(emptied) }
    if case .failed(let error) = ending { return .finish(error) }
    if !ring.isEmpty {
      let resume = isParked
      isParked = false
      return .send(ring.removeFirst(), resume: resume)
    }
    if let file, spooledBytes > offset {
      return .read(file, available: spooledBytes - offset)
    }
    if ending != nil {
      drop()
      return .finish(nil)
    }
    isWaiting = true
    return .wait
  }

  /// The stream is gone.
  mutating func cancel() {
    isCancelled = true
    drop()
  }

  // MARK: -

  private mutating func drop() {
    ring = []
    spare = []
    file = nil
    spooledBytes = 0
  }

  private mutating func stopWaiting() -> Bool {
    defer { isWaiting = false }
    return isWaiting
  }
}
