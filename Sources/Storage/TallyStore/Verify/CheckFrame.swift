/// What the checking process tells the server that started it, over a pipe.
///
/// ```
/// 0 size of all that follows u32 | 4 kind u8 | 5 numbers, and texts behind their size u32
/// ```
enum CheckFrame: Equatable {
  case progress(CheckProgress, again: Bool)
  case difference(Difference)
  /// The last one. Differences came before it.
  case done(records: UInt64, events: UInt64, more: UInt64, revision: UInt64)
  /// The last one: it could not be checked.
  case failed(isNoRoom: Bool, message: String)

  static let headerSize = 4
  /// No frame is larger: a key of 511 bytes, texts of some hundreds.
  static let sizeMax = 1 << 20

  var encoded: [UInt8] {
    var bytes: [UInt8] = [0, 0, 0, 0]
    switch self {
    case .progress(let progress, let again):
      bytes += [1, progress.step.rawValue, again ? 1 : 0]
      Self.put(progress.done, &bytes)
      Self.put(progress.total, &bytes)
      Self.put(Array(progress.table.utf8), &bytes)
    case .difference(let difference):
      bytes += [2, difference.kind.rawValue, difference.isMendable ? 1 : 0]
      Self.put(difference.key, &bytes)
      for text in [
        difference.table, difference.tenant, difference.name, difference.stored,
        difference.expected,
      ] {
        Self.put(Array(text.utf8), &bytes)
      }
    case .done(let records, let events, let more, let revision):
      bytes += [3]
      for number in [records, events, more, revision] { Self.put(number, &bytes) }
    case .failed(let isNoRoom, let message):
      bytes += [4, isNoRoom ? 1 : 0]
      Self.put(Array(message.utf8), &bytes)
    }
    let size = UInt32(bytes.count - Self.headerSize)
    withUnsafeBytes(of: size.littleEndian) { bytes.replaceSubrange(0..<4, with: $0) }
    return bytes
  }

  /// - Parameter bytes: all behind the size.
  /// - Returns: nil if they are no frame.
  init?(_ bytes: [UInt8]) {
    var reader = FrameReader(bytes)
    switch reader.byte() {
    case 1:
      guard let step = reader.byte().flatMap({ CheckProgress.Step(rawValue: $0) }),
        let again = reader.byte(), let done = reader.number(), let total = reader.number(),
        let table = reader.text()
      else { return nil }
      let progress = CheckProgress(step: step, table: table, done: done, total: total)
      self = .progress(progress, again: again == 1)
    case 2:
      guard let kind = reader.byte().flatMap({ Difference.Kind(rawValue: $0) }),
        let isMendable = reader.byte(), let key = reader.bytes(), let table = reader.text(),
        let tenant = reader.text(), let name = reader.text(), let stored = reader.text(),
        let expected = reader.text()
      else { return nil }
      self = .difference(
        Difference(
          kind: kind, table: table, tenant: tenant, key: key, name: name, stored: stored,
          expected: expected, isMendable: isMendable == 1))
    case 3:
      guard let records = reader.number(), let events = reader.number(),
        let more = reader.number(), let revision = reader.number()
      else { return nil }
      self = .done(records: records, events: events, more: more, revision: revision)
    case 4:
      guard let isNoRoom = reader.byte(), let message = reader.text() else { return nil }
      self = .failed(isNoRoom: isNoRoom == 1, message: message)
    default: return nil
    }
  }

  private static func put(_ number: UInt64, _ bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  private static func put(_ text: [UInt8], _ bytes: inout [UInt8]) {
    withUnsafeBytes(of: UInt32(text.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes += text
  }
}

/// Takes a frame apart.
private struct FrameReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  mutating func byte() -> UInt8? { rest.popFirst() }

  mutating func number() -> UInt64? { take(8).map { $0.withUnsafeBytes { $0.little(0) } } }

  mutating func bytes() -> [UInt8]? {
    guard let size = take(4).map({ $0.withUnsafeBytes { $0.little(0, as: UInt32.self) } }) else {
      return nil
    }
    return take(Int(size))
  }

  mutating func text() -> String? { bytes().map { String(decoding: $0, as: UTF8.self) } }

  private mutating func take(_ count: Int) -> [UInt8]? {
    guard rest.count >= count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }
}
