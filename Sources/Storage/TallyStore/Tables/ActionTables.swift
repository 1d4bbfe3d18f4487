internal import TallyModel

/// The facts of what users do have one value:
///
/// ```
/// 0 ver i64 | 8 first u32 | 12 … as its kind | checksum
///
/// attempt   12 user n u32 | 16 course n u32 | 20 flags u8 (1 withdrawn, 2 of a course)
/// reaction  12 course n u32 | 16 flags u8 (1 withdrawn, 2 of a course, its kind in bits 4 to 7)
/// comment   12 user n u32 | 16 activity n u32 | 20 course n u32 | 24 flags u8 (1 deleted, 2
/// private,
///           4 archived) | 25 places u8 (1 learning need, 2 project, 4 path session)
///           26 for each of these: size u8, id
/// post      12 user n u32 | 16 group n u32 | 20 profile user n u32 | 24 flags u8 (1 deleted,
///           4 archived) | 25 places u8 (1 session, 2 is a reply) | 26 for each: size u8, id
/// like      12 flags u8 (1 withdrawn)
/// download  12 user n u32 | 16 activity n u32 | 20 course n u32 | 24 flags u8 (1 withdrawn,
///           role in bits 4 to 7)
/// ```
///
/// `first` is the least occurred_at of all versions of the fact in whole seconds since 1970, so
/// that date ranges can be answered later. Numbers are 0 where the fact names nobody.
struct ActionRecord {
  var version: Int64 = noVersion
  var first: UInt32 = 0
  /// Who did it.
  var user: UInt32 = 0
  /// Activity or course of an attempt or reaction; activity of a comment or download; group of a
  /// post.
  var target: UInt32 = 0
  /// Course in which it happened; user of the profile of a post.
  var second: UInt32 = 0
  var flags: UInt8 = 0
  /// Which of the ids in `places` are there.
  var placeFlags: UInt8 = 0
  /// The ids that have no number, each behind its size.
  var places: UnsafeRawBufferPointer = .none

  /// Deleted or withdrawn.
  static let gone: UInt8 = 1
  static let ofCourse: UInt8 = 2
  static let isPrivate: UInt8 = 2
  static let archived: UInt8 = 4
  static let firstPlace: UInt8 = 1
  static let secondPlace: UInt8 = 2
  static let thirdPlace: UInt8 = 4

  var isGone: Bool { flags & Self.gone != 0 }
  /// The role of a download; the kind of an answer on relevance.
  var nibble: UInt8 { flags >> 4 }

  /// Seconds since 1970 that fit the record; 2106 and later are one.
  static func seconds(_ time: Int64) -> UInt32 {
    UInt32(clamping: time / 1_000_000_000)
  }

  /// Bytes that every value of the table has at least, without its checksum.
  @inline(__always)
  static func size(in table: TableID) -> Int {
    switch table {
    case .attempt: 21
    case .reaction: 17
    case .comment, .post: 26
    case .like: 13
    default: 25
    }
  }
}

extension ActionRecord {
  /// Reads a value. What stands in the key (the user of a reaction or like, the target of an
  /// attempt or reaction) is not in it.
  init(_ body: UnsafeRawBufferPointer, in table: TableID) {
    version = body.little(0)
    first = body.little(8)
    switch table {
    case .attempt:
      user = body.little(12)
      second = body.little(16)
      flags = body[20]
    case .reaction:
      second = body.little(12)
      flags = body[16]
    case .like:
      flags = body[12]
    default:
      user = body.little(12)
      target = body.little(16)
      second = body.little(20)
      flags = body[24]
      guard table != .download else { return }
      placeFlags = body[25]
      places = body.tail(from: 26)
    }
  }

  func write(in table: TableID, into value: inout ByteWriter) {
    value.little(version)
    value.little(first)
    switch table {
    case .attempt:
      value.little(user)
      value.little(second)
      value.little(flags)
    case .reaction:
      value.little(second)
      value.little(flags)
    case .like:
      value.little(flags)
    default:
      value.little(user)
      value.little(target)
      value.little(second)
      value.little(flags)
      guard table != .download else { return }
      value.little(placeFlags)
      value.raw(places)
    }
  }

  /// The id in `places` of the flag, empty if it is not there.
  func place(_ flag: UInt8) -> UnsafeRawBufferPointer {
    guard placeFlags & flag != 0 else { return .none }
    var offset = 0
    var bit: UInt8 = 1
    while offset < places.count {
      let size = Int(places[offset])
      guard offset + 1 + size <= places.count else { break }
      while placeFlags & bit == 0, bit < 128 { bit <<= 1 }
      if bit == flag { return places.part(offset + 1, size) }
      offset += 1 + size
      bit <<= 1
    }
    return .none
  }
}

/// Keys of the facts of what users do.
enum ActionKey {
  /// `attempt`: T, bucket u16, target n, packed id.
  static func attempt(
    _ tenant: UInt32, target: UInt32, id: UnsafeRawBufferPointer, into key: inout ByteWriter
  ) {
    // The bucket comes before the id that decides it: leave room, then fill it in.
    let start = key.count
    key.big(tenant)
    key.big(UInt16(0))
    key.big(target)
    PackedID.pack(id, into: &key)
    let bucket = PackedID.bucket(of: key.bytes.tail(from: start + 10))
    key.start.storeBytes(of: bucket.bigEndian, toByteOffset: start + 4, as: UInt16.self)
  }

  /// `reaction`: T, target n, kind u8 (1 to 4, 5 for both answers on relevance), user n.
  static func reaction(
    _ tenant: UInt32, target: UInt32, kind: UInt8, user: UInt32, into key: inout ByteWriter
  ) {
    key.big(tenant)
    key.big(target)
    key.little(kind)
    key.big(user)
  }

  /// The kind in the key of the answers on relevance: either the one or the other stands.
  static let relevance: UInt8 = 5

  /// `comment post download`: T, packed id.
  static func own(
    _ tenant: UInt32, id: UnsafeRawBufferPointer, into key: inout ByteWriter
  ) {
    key.big(tenant)
    PackedID.pack(id, into: &key)
  }

  /// What a like is on.
  enum Liked {
    static let post: UInt8 = 1
    static let comment: UInt8 = 2
  }

  /// `like`: T, on u8, packed id of the post or comment, user n.
  static func like(
    _ tenant: UInt32, on: UInt8, id: UnsafeRawBufferPointer, user: UInt32,
    into key: inout ByteWriter
  ) {
    key.big(tenant)
    key.little(on)
    PackedID.pack(id, into: &key)
    key.big(user)
  }

  /// `behind`: T, bucket u16, activity n, cell u8, packed id: a comment or download while it
  /// counts.
  ///
  /// ```
  /// 0 user n u32 | 4 course n u32 | checksum
  /// ```
  static func behind(
    _ tenant: UInt32, activity: UInt32, cell: UInt8, packedID: UnsafeRawBufferPointer,
    bucket: UInt16, into key: inout ByteWriter
  ) {
    key.big(tenant)
    key.big(bucket)
    key.big(activity)
    key.little(cell)
    key.raw(packedID)
  }

  static let behindSize = 8
  static let behindComment: UInt8 = 1
  static let behindDownload: UInt8 = 2
}

/// Which number of an activity's or course's row.
package enum Cell: UInt8, Sendable, CaseIterable {
  case view
  case like
  case learnedSomething
  case outdated
  case haveAQuestion
  case useful
  case irrelevant
  case comment
  case download
}
