/// Likes on posts and comments that are deleted or come back.
extension Fold {
  func flip(
    _ key: UnsafeRawBufferPointer, _ table: TableID, was: Bool, becomes: Bool, at position: UInt64
  ) {
    let on = table == .post ? ActionKey.Liked.post : ActionKey.Liked.comment
    let target = LikedTarget(on: on, key: key.array)
    flips[target, default: DeletionFlip(was: was, becomes: was, position: 0)].becomes = becomes
    flips[target]?.position = position
  }

  /// Whether the post or comment of a like was deleted before this fold; what this fold did to it
  /// comes by `cascade`. One that never came is not deleted.
  func wasDeleted(_ likeKey: UnsafeRawBufferPointer) throws(StoreError) -> Bool {
    let on = likeKey[4]
    // T, on, packed id, user: without `on` and user it is the key of the post or comment.
    var key = keys.writer
    key.raw(likeKey.part(0, 4))
    key.raw(likeKey.part(5, likeKey.count - 9))
    if !flips.isEmpty, let flip = flips[LikedTarget(on: on, key: key.bytes.array)] {
      return flip.was
    }
    let id: TableID = on == ActionKey.Liked.post ? .post : .comment
    guard let body = try tables[id].find(key.bytes, atLeast: ActionRecord.size(in: id)) else {
      return false
    }
    return ActionRecord(body, in: id).isGone
  }

  /// Takes the standing likes of what was deleted out of their users' counts, and brings back
  /// those of what is there again.
  func cascade() throws(StoreError) {
    for (target, flip) in flips.sorted(by: { $0.key.precedes($1.key) }) {
      let sign: Int32 = flip.was == flip.becomes ? 0 : flip.becomes ? -1 : 1
      var prefix = keys.writer
      target.key.withUnsafeBytes {
        prefix.raw($0.part(0, 4))
        prefix.little(target.on)
        prefix.raw($0.tail(from: 4))
      }
      let tenant: UInt32 = prefix.bytes.big(0)
      let size = ActionRecord.size(in: .like)
      try tables[.like].scan(prefix.bytes, atLeast: size) { key, body throws(StoreError) in
        guard !ActionRecord(body, in: .like).isGone else { return }
        userChanges.add(
          sign, to: 2, of: key.big(key.count - 4), tenant, at: flip.position)
      }
    }
  }
}

extension LikedTarget {
  func precedes(_ other: LikedTarget) -> Bool {
    if on != other.on { return on < other.on }
    return key.lexicographicallyPrecedes(other.key)
  }
}
