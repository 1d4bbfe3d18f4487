@testable internal import HTTP2

/// A hostile client's bytes into a server's session.
enum ServerSessionTarget: FuzzTarget {
  static let name = "server-session"

  static func run(_ bytes: UnsafeRawBufferPointer) { runSession(.server, bytes) }

  static func seeds() -> [[UInt8]] { sessionSeeds(Recording.ofClients) }
}

/// A hostile server's bytes into a client's session with three calls under way.
enum ClientSessionTarget: FuzzTarget {
  static let name = "client-session"

  static func run(_ bytes: UnsafeRawBufferPointer) { runSession(.client, bytes) }

  static func seeds() -> [[UInt8]] { sessionSeeds(Recording.ofServers) }
}

/// The input: how the bytes are cut u8, a script behind its size u8, the peer's bytes.
private func runSession(_ role: Session.Role, _ bytes: UnsafeRawBufferPointer) {
  var choices = Choices(bytes)
  let cut = choices.byte()
  let script = choices.short()
  var wire = choices.takeRest()
  // Few inputs would find the preface themselves.
  if role == .server, cut & 0x80 == 0 { wire = Frame.preface + wire }
  if cut & 0x40 == 0 { wire = prefaceSettings(role) + wire }

  let sizes = cut & 0x3F == 0 ? [1] : [Int(cut & 0x3F), 1 + Int(cut & 7) * 3]
  let whole = watched(role, wire, [wire.count])
  let split = watched(role, wire, sizes)
  if whole.hasEnded || split.hasEnded {
    // The peer's conduct is judged once a piece, and nghttp2 looks once a piece whether there is
    // still something to read for, so a larger piece may tell more before the end; and pieces of a
    // header block are counted as they are read.
    let common = max(0, min(whole.events.count, split.events.count) - 1)
    require(
      whole.events.prefix(common) == split.events.prefix(common),
      "cut into \(sizes) the bytes mean something else:\n\(whole)\n\(split)")
  } else {
    require(
      whole == split, "cut into \(sizes) the bytes mean something else:\n\(whole)\n\(split)")
  }

  driven(role, wire, script, pieceBytes: 1 + Int(cut & 0x3F) * 8)
  require(PatternSource.alive == 0, "a session that is gone has left \(PatternSource.alive) bodies")
}

private func prefaceSettings(_ role: Session.Role) -> [UInt8] {
  guard role == .server else { return Frame(kind: Frame.settings).bytes }
  return []
}

private struct Watched: Equatable {
  var events: [String]
  /// It failed, or reads no more: a GOAWAY came and no stream is left.
  var hasEnded: Bool
}

/// What a session tells when nobody acts on it.
private func watched(_ role: Session.Role, _ wire: [UInt8], _ sizes: [Int]) -> Watched {
  var drive = SessionDrive(role)
  begin(role, &drive)
  for piece in wire.pieces(sizes) where !drive.feed(piece) { break }
  // What is sent makes events too, such as the end of a stream in the middle of its headers: when
  // nghttp2 looks at those depends on its reads.
  let events = drive.finishEvents()
  let hasEnded = !drive.wantsRead
  drive.judgeOutput()
  // A client's own requests are asked for.
  let bound = (role == .client ? 32 * 1024 : 1024) + 4 * wire.count
  require(drive.output.count <= bound, "\(wire.count) bytes make \(drive.output.count), unasked")
  return Watched(events: events, hasEnded: hasEnded || drive.failure != nil)
}

/// A session whose owner answers, resets, waits and sends as a script says.
private func driven(
  _ role: Session.Role, _ wire: [UInt8], _ script: [UInt8], pieceBytes: Int
) {
  var choices = Choices(script)
  var drive = SessionDrive(role)
  begin(role, &drive)
  for piece in wire.pieces([pieceBytes]) {
    guard drive.feed(piece) else { break }
    for _ in 0..<2 where !choices.isUsedUp { drive.act(&choices) }
  }
  while !choices.isUsedUp { drive.act(&choices) }
  drive.judgeOutput()
}

private func begin(_ role: Session.Role, _ drive: inout SessionDrive) {
  guard role == .client else { return }
  drive.request(nil)
  drive.request(PatternSource(salt: 3, steps: [.bytes(40), .wait, .bytes(9)], trailers: nil))
  drive.request(PatternSource(salt: 5, steps: [.bytes(17_000)], trailers: nil))
}

private func sessionSeeds(_ recordings: [[UInt8]]) -> [[UInt8]] {
  let scripts: [[UInt8]] = [
    [], [0, 1, 4, 9, 13, 4, 13], [13, 6, 16, 0, 13, 0, 0, 0, 5, 13], [3, 8, 13, 8, 7, 13],
  ]
  return recordings.enumerated().flatMap { index, recording in
    [UInt8(0), 0x29].map { cut in
      let script = scripts[index % scripts.count]
      return [cut, UInt8(script.count)] + script + recording
    }
  }
}
