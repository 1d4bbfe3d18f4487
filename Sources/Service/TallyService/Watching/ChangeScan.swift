internal import GRPC
internal import TallyMessages
internal import TallyStore

/// One walk over all rows of a report in one snapshot, for all watches that are ready for it.
///
/// Watches that stand at the same revision get the same messages: a row is encoded once a scan, and
/// a message is made once for all of them.
final class ChangeScan {
  /// A watch that takes part.
  struct Part {
    let body: WatchBody
    let since: UInt64
    /// Why it gets the whole report; nil for the changes.
    let restart: WatchRestart?

    /// Changes up to here are not for it.
    var low: UInt64 { restart == nil ? since : 0 }
  }

  private struct Group: Hashable {
    let low: UInt64
    let restart: Int32
    let compression: Compression
  }

  /// What all watches of a group get.
  private final class Outlet {
    let low: UInt64
    let compression: Compression
    var bodies: [WatchBody] = []
    var message = Message.empty

    init(low: UInt64, compression: Compression) {
      self.low = low
      self.compression = compression
    }
  }

  private enum Message {
    /// Room for the prefix.
    static let empty = [UInt8](repeating: 0, count: FramedMessage.prefixLength)
  }

  /// The field `gone_ids` of WatchResponse.
  private static let goneTag: UInt8 = 4 << 3 | 2
  /// Records that one turn looks at, about a millisecond's work.
  private static let turnRecords = 2048

  let revision: UInt64
  let time: Int64
  private let source: any ChangeSource
  private let rowTag: UInt8
  private let outlets: [Outlet]
  private let low: UInt64
  private let options: ReadingOptions
  private let spool: Spool
  /// Where a row is encoded.
  private var scratch = [UInt8](repeating: 0, count: 4 << 10)

  init(
    _ source: any ChangeSource, revision: UInt64, time: Int64, parts: [Part], readers: Readers
  ) {
    var outlets: [Group: Outlet] = [:]
    for part in parts {
      let compression = part.body.compression
      let group = Group(
        low: part.low, restart: part.restart?.rawValue ?? 0, compression: compression)
      let outlet = outlets[group] ?? Outlet(low: part.low, compression: compression)
      outlet.bodies.append(part.body)
      outlets[group] = outlet
    }
    self.source = source
    self.revision = revision
    self.time = time
    self.outlets = Array(outlets.values)
    low = parts.map(\.low).min() ?? revision
    rowTag = type(of: source).rowField << 3 | 2
    options = readers.options
    spool = readers.spool
    for part in parts {
      part.body.beginScan()
      if let restart = part.restart {
        part.body.push(WatchResponse(startOver: restart).framed(), spool: spool)
      }
    }
  }

  /// Whether any watch is left.
  var isWanted: Bool { outlets.contains { $0.bodies.contains { !$0.isOver } } }

  /// Looks at the next records.
  ///
  /// - Returns: whether there are more.
  func turn() throws -> Bool {
    source.prepare()
    var bytes = 0
    for _ in 0..<Self.turnRecords where bytes < options.chunkBytes {
      switch try source.next(after: low) {
      case .end:
        for outlet in outlets { flush(outlet) }
        return false
      case .unchanged: break
      case .row(let change): bytes += send(try encodeRow(), changedAt: change)
      // A watch that has nothing yet has nothing to lose.
      case .gone(let change): bytes += send(encodeGone(), changedAt: change, isGone: true)
      }
    }
    return true
  }

  // MARK: -

  /// Encodes the row found last to `scratch`, with tag and length.
  ///
  /// - Returns: how many bytes it takes.
  private func encodeRow() throws -> Int {
    while true {
      var wantedBytes = 0
      var count = 0
      try scratch.withUnsafeMutableBytes { memory in
        var writer = RowWriter(oneRowWithTag: rowTag, in: memory)
        if try source.write(to: &writer) {
          count = writer.count
        } else {
          wantedBytes = writer.wantedBytes
        }
      }
      if count > 0 { return count }
      scratch = [UInt8](repeating: 0, count: wantedBytes + 16)
    }
  }

  private func encodeGone() -> Int {
    let id = source.id
    // Ids have at most 128 bytes: their length takes one or two.
    scratch[0] = Self.goneTag
    var start = 2
    if id.count < 0x80 {
      scratch[1] = UInt8(id.count)
    } else {
      scratch[1] = UInt8(id.count & 0x7F) | 0x80
      scratch[2] = UInt8(id.count >> 7)
      start = 3
    }
    scratch.withUnsafeMutableBytes { memory in
      UnsafeMutableRawBufferPointer(rebasing: memory[start...]).copyMemory(from: id)
    }
    return start + id.count
  }

  /// - Returns: how many bytes were copied.
  private func send(_ count: Int, changedAt change: UInt64, isGone: Bool = false) -> Int {
    var bytes = 0
    for outlet in outlets where outlet.low < change && !(isGone && outlet.low == 0) {
      if outlet.message.count + count > options.messageBytes { flush(outlet) }
      outlet.message.append(contentsOf: scratch[..<count])
      bytes += count
    }
    return bytes
  }

  private func flush(_ outlet: Outlet) {
    guard outlet.message.count > FramedMessage.prefixLength else { return }
    var message = outlet.message
    outlet.message = Message.empty
    message.withUnsafeMutableBytes { bytes in
      FramedMessage.writePrefix(count: bytes.count - FramedMessage.prefixLength, to: bytes)
    }
    if outlet.compression == .gzip { message = Self.compressed(message) }
    for body in outlet.bodies { body.push(message, spool: spool) }
  }

  private static func compressed(_ message: [UInt8]) -> [UInt8] {
    var compressed = [UInt8](repeating: 0, count: message.count - 1)
    let size = compressed.withUnsafeMutableBytes { out -> Int? in
      let room = UnsafeMutableRawBufferPointer(rebasing: out[FramedMessage.prefixLength...])
      let size = message.withUnsafeBytes { bytes in
        Gzip.compress(
          UnsafeRawBufferPointer(rebasing: bytes[FramedMessage.prefixLength...]), into: room)
      }
      if let size { FramedMessage.writePrefix(count: size, isCompressed: true, to: out) }
      return size
    }
    guard let size else { return message }
    return Array(compressed[..<(FramedMessage.prefixLength + size)])
  }
}

extension WatchResponse {
  /// The message with its prefix.
  func framed() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: FramedMessage.prefixLength + encodedSize)
    bytes.withUnsafeMutableBytes { memory in
      FramedMessage.writePrefix(count: memory.count - FramedMessage.prefixLength, to: memory)
      encode(to: UnsafeMutableRawBufferPointer(rebasing: memory[FramedMessage.prefixLength...]))
    }
    return bytes
  }
}
