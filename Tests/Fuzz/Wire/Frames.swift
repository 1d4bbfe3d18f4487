/// Frames of HTTP/2, read and written by hand: no code of ours judges itself.
struct Frame: Equatable {
  var kind: UInt8
  var flags: UInt8 = 0
  var stream: UInt32 = 0
  var payload: [UInt8] = []

  static let data: UInt8 = 0
  static let headers: UInt8 = 1
  static let reset: UInt8 = 3
  static let settings: UInt8 = 4
  static let ping: UInt8 = 6
  static let goAway: UInt8 = 7
  static let windowUpdate: UInt8 = 8
  static let continuation: UInt8 = 9

  static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

  var bytes: [UInt8] {
    let count = payload.count
    var bytes = [
      UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255), kind, flags,
    ]
    for shift in [24, 16, 8, 0] { bytes.append(UInt8(stream >> UInt32(shift) & 255)) }
    return bytes + payload
  }

  /// The frames in `bytes`, which must end where a frame ends.
  static func read(_ bytes: [UInt8]) -> [Frame] {
    var frames: [Frame] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      require(rest.count >= 9, "the output ends inside a frame's header")
      let header = Array(rest.prefix(9))
      let count = Int(header[0]) << 16 | Int(header[1]) << 8 | Int(header[2])
      require(count <= 16_384, "a frame of \(count) bytes is sent")
      require(rest.count >= 9 + count, "the output ends inside a frame")
      let stream = header[5...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      let payload = Array(rest.dropFirst(9).prefix(count))
      frames.append(Frame(kind: header[3], flags: header[4], stream: stream, payload: payload))
      rest = rest.dropFirst(9 + count)
    }
    return frames
  }

  /// Whether a frame of ours has a length and a stream that its kind may have.
  var isWellFormed: Bool {
    switch kind {
    case Self.data, Self.headers, Self.continuation: stream != 0
    case Self.reset: stream != 0 && payload.count == 4
    case Self.settings: stream == 0 && payload.count % 6 == 0
    case Self.ping: stream == 0 && payload.count == 8
    case Self.goAway: stream == 0 && payload.count >= 8
    case Self.windowUpdate: payload.count == 4 && payload != [0, 0, 0, 0]
    default: false
    }
  }
}
