internal import GRPC

/// What lies between the scans of a watched report and one watch on its network loop.
///
/// ```
///            push ─► messages in memory ─► next
///  scan                                         call
///            file ─► what is too much   ─► next
/// ```
/// What a scan sends goes to memory until that is full, then to a spool file until the scan ends;
/// the next scan for this watch comes when all is sent. Without I/O and without a lock of its own.
struct WatchPipe {
  /// What the scan may do with the next message.
  enum OnPush {
    /// It is in memory.
    case queued(wakes: Bool)
    /// Write it to the file; make one if there is none yet.
    case spool(SpoolFile?)
    /// Nobody wants it.
    case drop
  }

  /// What the network loop may do next.
  enum OnNext {
    /// So many bytes were copied.
    case copied(Int)
    /// Read the file from an offset.
    case read(SpoolFile, offset: Int, available: Int)
    case wait
    case finish(RPCError)
  }

  private let queueBytes: Int
  /// Framed messages, shared with the other watches that get the same.
  private var queue: [[UInt8]] = []
  private var queuedBytes = 0
  /// Bytes of the first one that are sent.
  private var taken = 0
  private var file: SpoolFile?
  private var fileBytes = 0
  private var fileOffset = 0
  /// While a scan goes on the file stays, since it may be written to at this moment.
  private var isScanning = false
  private var isWaiting = false
  private var error: RPCError?
  private(set) var isOver = false

  init(queueBytes: Int) {
    self.queueBytes = queueBytes
  }

  /// Whether all that was pushed is sent.
  var isDrained: Bool { queue.isEmpty && file == nil }

  // MARK: The reader loop's side

  mutating func beginScan() { isScanning = true }

  mutating func endScan() {
    isScanning = false
    sent(0)
  }

  mutating func push(_ message: [UInt8]) -> OnPush {
    if isOver { return .drop }
    guard file == nil, queue.isEmpty || queuedBytes + message.count <= queueBytes else {
      return .spool(file)
    }
    queue.append(message)
    queuedBytes += message.count
    return .queued(wakes: stopWaiting())
  }

  /// The file has grown by so many bytes.
  ///
  /// - Returns: whether the call must be woken.
  mutating func spooled(_ bytes: Int, to file: SpoolFile) -> Bool {
    if isOver { return false }
    if self.file == nil {
      self.file = file
      fileBytes = 0
      fileOffset = 0
    }
    fileBytes += bytes
    return stopWaiting()
  }

  /// The watch is to end; what is not sent is dropped.
  mutating func fail(_ error: RPCError) -> Bool {
    if isOver { return false }
    drop()
    isOver = true
    self.error = error
    return stopWaiting()
  }

  // MARK: The network loop's side

  mutating func next(into out: UnsafeMutableRawBufferPointer) -> OnNext {
    if let error { return .finish(error) }
    var copied = 0
    while copied < out.count, let message = queue.first {
      let size = min(out.count - copied, message.count - taken)
      message.withUnsafeBytes { bytes in
        UnsafeMutableRawBufferPointer(rebasing: out[copied...]).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: bytes[taken..<taken + size]))
      }
      copied += size
      taken += size
      if taken == message.count {
        queue.removeFirst()
        queuedBytes -= message.count
        taken = 0
      }
    }
    if copied > 0 { return .copied(copied) }
    if let file, fileOffset < fileBytes {
      return .read(file, offset: fileOffset, available: fileBytes - fileOffset)
    }
    isWaiting = true
    return .wait
  }

  /// Bytes of the file were sent. It is gone with the last byte of its scan.
  mutating func sent(_ bytes: Int) {
    fileOffset += bytes
    if fileOffset >= fileBytes && !isScanning { file = nil }
  }

  /// The stream is gone.
  mutating func cancel() {
    drop()
    isOver = true
  }

  // MARK: -

  private mutating func drop() {
    queue = []
    queuedBytes = 0
    taken = 0
    file = nil
  }

  private mutating func stopWaiting() -> Bool {
    defer { isWaiting = false }
    return isWaiting
  }
}
