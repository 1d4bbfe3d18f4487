internal import Glibc

/// The records of one event file in order: lines of JSON or length-delimited protobuf, either of
/// them plain or gzip. What it is shows in its first bytes, never in its name.
struct EventFile {
  /// One event, not decoded yet.
  struct Record: Equatable {
    /// The line, or in a protobuf file the record, counted from 1.
    let number: Int
    let content: Content
  }

  enum Content: Equatable {
    case json([UInt8])
    case protobuf([UInt8])
    /// The record cannot be an event; the next one may be.
    case unreadable(String)
  }

  /// The longest record that a server would take: one message.
  static let largestRecordBytes = 4 * 1024 * 1024

  /// As given on the command line.
  let name: String
  /// In bytes, `nil` for pipes.
  let size: UInt64?
  private let source: any ByteSource
  private let form: Form
  private var buffer: [UInt8] = []
  private var start = 0
  private var number = 0
  private var isAtEnd = false

  private enum Form { case lines, delimited }

  /// Opens the file and looks at its first bytes.
  ///
  /// - Parameter path: `-` for standard input.
  init(path: String) throws(CommandError) {
    let file = try FileSource(path: path)
    try self.init(file, name: file.name, size: file.size)
  }

  /// Reads from any source; tests use bytes in memory.
  init(_ bytes: any ByteSource, name: String, size: UInt64?) throws(CommandError) {
    self.name = name
    self.size = size
    var head: [UInt8] = []
    while head.count < 2, try bytes.read(into: &head) > 0 {}
    if head.starts(with: [0x1F, 0x8B]) {
      source = GzipSource(bytes, name: name, head: head)
      head = []
    } else {
      source = bytes
    }
    while Self.form(of: head) == nil, try source.read(into: &head) > 0 {}
    form = Self.form(of: head) ?? .lines
    buffer = head
    if head.starts(with: Self.byteOrderMark) { start = Self.byteOrderMark.count }
    if form == .delimited, head.first == UInt8(ascii: "["), head.dropFirst().first != 0x0A {
      throw CommandError(
        code: .format,
        message: "'\(name)' looks like a JSON array. Put one event on each line, without brackets"
          + " and commas (jq -c '.[]').")
    }
  }

  /// Bytes of the file read so far, compressed ones if it is compressed.
  var consumed: UInt64 { source.consumed }

  /// The next record; empty lines are skipped.
  ///
  /// - Returns: `nil` at the end.
  /// - Throws: when the rest of the file cannot be read.
  mutating func next() throws(CommandError) -> Record? {
    switch form {
    case .lines: try nextLine()
    case .delimited: try nextDelimited()
    }
  }

  /// `nil` while the bytes do not tell.
  ///
  /// A record of 123 bytes begins with a `{` too, and its first field, the time, with a line feed.
  private static func form(of head: [UInt8]) -> Form? {
    let text = head.starts(with: byteOrderMark) ? head[byteOrderMark.count...] : head[...]
    // One byte of a mark that is read in pieces is none yet.
    if head.count < byteOrderMark.count, byteOrderMark.starts(with: head) { return nil }
    guard let first = text.firstIndex(where: { !isSpace($0) }) else { return nil }
    if text[first] != UInt8(ascii: "{") { return .delimited }
    guard first + 1 < text.endIndex else { return nil }
    return first == text.startIndex && text[first + 1] == 0x0A ? .delimited : .lines
  }

  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }
}

// MARK: - Lines

extension EventFile {
  private mutating func nextLine() throws(CommandError) -> Record? {
    while let line = try takeLine() {
      number += 1
      switch line {
      case .json(let bytes) where bytes.allSatisfy(Self.isSpace): continue
      default: return Record(number: number, content: line)
      }
    }
    return nil
  }

  /// The bytes up to the next line feed, without it.
  private mutating func takeLine() throws(CommandError) -> Content? {
    var searched = 0
    while true {
      if let end = lineFeed(from: start + searched) {
        defer { start = end + 1 }
        return end - start > Self.largestRecordBytes
          ? Self.tooLong : .json(Array(buffer[start..<end]))
      }
      searched = buffer.count - start
      if searched > Self.largestRecordBytes {
        try skipLine()
        return Self.tooLong
      }
      if try !fill() {
        if searched == 0 { return nil }
        defer { start = buffer.count }
        return .json(Array(buffer[start...]))
      }
    }
  }

  private mutating func skipLine() throws(CommandError) {
    repeat {
      if let end = lineFeed(from: start) {
        start = end + 1
        return
      }
      start = buffer.count
    } while try fill()
  }

  private static let tooLong = Content.unreadable("a line longer than 4 MiB is no event")

  private func lineFeed(from place: Int) -> Int? {
    buffer.withUnsafeBytes { bytes in
      guard place < bytes.count, let base = bytes.baseAddress else { return nil }
      return memchr(base + place, 0x0A, bytes.count - place).map { UnsafeRawPointer($0) - base }
    }
  }

  /// - Returns: false at the end of the file.
  private mutating func fill() throws(CommandError) -> Bool {
    if isAtEnd { return false }
    buffer.removeFirst(start)
    start = 0
    isAtEnd = try source.read(into: &buffer) == 0
    return !isAtEnd
  }
}

// MARK: - Length-delimited

extension EventFile {
  private mutating func nextDelimited() throws(CommandError) -> Record? {
    guard let length = try takeLength() else { return nil }
    number += 1
    while buffer.count - start < length {
      if try !fill() {
        throw broken("it ends in the middle of record \(grouped(number))")
      }
    }
    defer { start += length }
    return Record(number: number, content: .protobuf(Array(buffer[start..<start + length])))
  }

  /// The varint before a record, `nil` at the end of the file.
  private mutating func takeLength() throws(CommandError) -> Int? {
    var length = 0
    for place in 0..<5 {
      while start == buffer.count {
        if try fill() { continue }
        if place == 0 { return nil }
        throw broken("it ends in the length of record \(grouped(number + 1))")
      }
      let byte = buffer[start]
      start += 1
      length |= Int(byte & 0x7F) << (7 * place)
      if byte < 0x80 {
        if length <= Self.largestRecordBytes { return length }
        break
      }
    }
    throw broken("record \(grouped(number + 1)) would be longer than 4 MiB")
  }

  private func broken(_ why: String) -> CommandError {
    CommandError(
      code: .format,
      message: "'\(name)' is neither lines of JSON nor length-delimited protobuf: \(why)."
        + " One event a line in JSON, or each event with its length before it.")
  }
}
