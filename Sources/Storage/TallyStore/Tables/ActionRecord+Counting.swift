internal import TallyModel

extension ActionRecord {
  /// Takes over what stands in the key and not in the value.
  @inline(__always)
  mutating func takeKey(_ key: UnsafeRawBufferPointer, in table: TableID) {
    switch table {
    case .attempt: target = key.big(6)
    case .reaction:
      target = key.big(4)
      user = key.big(9)
    case .like: user = key.big(key.count - 4)
    default: break
    }
  }

  /// Whether two versions of one fact have the same fixed form.
  func isSame(as other: ActionRecord) -> Bool {
    user == other.user && target == other.target && second == other.second && flags == other.flags
      && placeFlags == other.placeFlags && places.elementsEqual(other.places)
  }

  /// What the fact adds to the counters, `takeKey` done.
  @inline(__always)
  func contributions(in table: TableID, targetDeleted: Bool) -> Contributions {
    switch table {
    case .attempt:
      return TallyModel.contributions(
        of: AttemptState(
          user: user, target: flags & Self.ofCourse == 0 ? .activity : .course, number: target,
          withdrawn: isGone))
    case .reaction:
      let isOfCourse = flags & Self.ofCourse != 0
      return TallyModel.contributions(
        of: ReactionState(
          user: user, activity: isOfCourse ? 0 : target, course: isOfCourse ? target : second,
          kind: ReactionKind(rawValue: Int32(nibble)), withdrawn: isGone))
    case .comment:
      return TallyModel.contributions(
        of: CommentState(
          user: user, place: commentPlace, activity: target, course: second,
          isPrivate: flags & Self.isPrivate != 0, archived: flags & Self.archived != 0,
          deleted: isGone))
    case .post:
      return TallyModel.contributions(
        of: PostState(user: user, isReply: placeFlags & Self.secondPlace != 0, deleted: isGone))
    case .like:
      return TallyModel.contributions(
        of: LikeState(user: user, withdrawn: isGone, targetIsDeleted: targetDeleted))
    case .download:
      return TallyModel.contributions(
        of: DownloadState(
          user: user, activity: target, actorRole: Role(rawValue: Int32(nibble)),
          withdrawn: isGone))
    default: preconditionFailure("table \(table.name) has no facts of what users do")
    }
  }

  private var commentPlace: CommentPlace {
    if target != 0 { return .activity }
    if second != 0 { return .course }
    if placeFlags & Self.firstPlace != 0 { return .learningNeed }
    if placeFlags & Self.secondPlace != 0 { return .project }
    return placeFlags & Self.thirdPlace != 0 ? .pathSession : .none
  }
}
