internal import TallyModel
internal import TestSupport

/// The rules of TallyModel put together as a store does it, in dictionaries: one event after
/// another, old contributions out, new ones in, likes following their post or comment.
struct MemoryFold {
  private(set) var registers: [Key: Event] = [:]
  private(set) var counters: [Counter: Int] = [:]
  /// The number of every id, in the order of mention; an id of two kinds has two.
  private var numbers: [Key: EntityNumber] = [:]
  private var likesOn: [Key: Set<UserID>] = [:]

  enum Key: Hashable {
    case user(UserID), group(GroupID), membership(GroupID, UserID), course(CourseID)
    case activity(ActivityID), path(PathID), post(PostID), comment(CommentID)
    case attemptOfActivity(ActivityID, AttemptID), attemptOfCourse(CourseID, AttemptID)
    case reaction(ActivityID, Int32, UserID), relevance(CourseID, UserID)
    case postLike(PostID, UserID), commentLike(CommentID, UserID), download(DownloadID)
  }

  enum Counter: Hashable {
    case user(EntityNumber, UserCell)
    case activity(EntityNumber, ActivityCell)
    case course(EntityNumber, CourseCell)
  }

  mutating func apply(_ event: Event) -> Precedence.Outcome {
    let key = key(of: event.fact)
    let old = registers[key]
    if let old {
      let outcome = Precedence.outcome(of: version(event), against: version(old)) {
        (event.fact.fixedForm, old.fact.fixedForm)
      }
      guard outcome == .applied else { return outcome }
    }
    let before = old.map { contributions(of: $0.fact) } ?? .none
    let liked = wasDeleted(key)
    registers[key] = event
    change(from: before, to: contributions(of: event.fact))
    if case .like(let like) = event.fact {
      likesOn[target(of: like), default: []].insert(like.userID)
    }
    if wasDeleted(key) != liked { cascade(key, deleted: !liked) }
    return .applied
  }

  private func version(_ event: Event) -> Precedence.Version {
    Precedence.Version(time: event.occurredAt, isGone: event.fact.isDeletedOrWithdrawn)
  }

  /// A deleted or restored post or comment takes the likes on it along.
  private mutating func cascade(_ target: Key, deleted: Bool) {
    for user in likesOn[target, default: []] {
      let key: Key =
        switch target {
        case .post(let post): .postLike(post, user)
        case .comment(let comment): .commentLike(comment, user)
        default: target
        }
      guard case .like(let like)? = registers[key]?.fact else { continue }
      func state(_ targetIsDeleted: Bool) -> LikeState {
        LikeState(
          user: numbers[.user(user)]!, withdrawn: like.withdrawn, targetIsDeleted: targetIsDeleted)
      }
      change(
        from: TallyModel.contributions(of: state(!deleted)),
        to: TallyModel.contributions(of: state(deleted)))
    }
  }

  private func wasDeleted(_ key: Key) -> Bool {
    switch key {
    case .post, .comment: registers[key]?.fact.isDeletedOrWithdrawn ?? false
    default: false
    }
  }

  private func target(of like: Fact.Like) -> Key {
    like.postID.isEmpty ? .comment(like.commentID) : .post(like.postID)
  }

  private mutating func change(from old: Contributions, to new: Contributions) {
    for (contributions, delta) in [(old, -1), (new, 1)] {
      if let user = contributions.user {
        counters[.user(user.entity, user.cell), default: 0] += delta
      }
      if let activity = contributions.activity {
        counters[.activity(activity.entity, activity.cell), default: 0] += delta
      }
      if let course = contributions.course {
        counters[.course(course.entity, course.cell), default: 0] += delta
      }
    }
  }

  private mutating func number(_ key: Key) -> EntityNumber {
    if case .course("") = key { return 0 }
    if case .activity("") = key { return 0 }
    if let number = numbers[key] { return number }
    numbers[key] = EntityNumber(numbers.count + 1)
    return EntityNumber(numbers.count)
  }

  func knownNumber(_ key: Key) -> EntityNumber { numbers[key] ?? 0 }

  /// The register state of an action, and what it adds.
  mutating func contributions(of fact: Fact) -> Contributions {
    switch fact {
    case .user, .group, .membership, .course, .activity, .path:
      return .none
    case .attempt(let attempt):
      let onCourse = attempt.activityID.isEmpty
      return TallyModel.contributions(
        of: AttemptState(
          user: number(.user(attempt.userID)), target: onCourse ? .course : .activity,
          number: number(onCourse ? .course(attempt.courseID) : .activity(attempt.activityID)),
          withdrawn: attempt.withdrawn))
    case .reaction(let reaction):
      return TallyModel.contributions(
        of: ReactionState(
          user: number(.user(reaction.userID)), activity: number(.activity(reaction.activityID)),
          course: number(.course(reaction.courseID)), kind: reaction.kind,
          withdrawn: reaction.withdrawn))
    case .comment(let comment):
      return TallyModel.contributions(
        of: CommentState(
          user: number(.user(comment.userID)), place: CommentPlace(of: comment),
          activity: number(.activity(comment.activityID)),
          course: number(.course(comment.courseID)), isPrivate: comment.isPrivate,
          archived: comment.archived, deleted: comment.deleted))
    case .post(let post):
      return TallyModel.contributions(
        of: PostState(
          user: number(.user(post.userID)), isReply: !post.replyToPostID.isEmpty,
          deleted: post.deleted))
    case .like(let like):
      return TallyModel.contributions(
        of: LikeState(
          user: number(.user(like.userID)), withdrawn: like.withdrawn,
          targetIsDeleted: wasDeleted(target(of: like))))
    case .download(let download):
      return TallyModel.contributions(
        of: DownloadState(
          user: number(.user(download.userID)), activity: number(.activity(download.activityID)),
          actorRole: download.actorRole, withdrawn: download.withdrawn))
    }
  }

  private func key(of fact: Fact) -> Key {
    switch fact {
    case .user(let user): .user(user.userID)
    case .group(let group): .group(group.groupID)
    case .membership(let member): .membership(member.groupID, member.userID)
    case .course(let course): .course(course.courseID)
    case .activity(let activity): .activity(activity.activityID)
    case .path(let path): .path(path.pathID)
    case .attempt(let attempt):
      attempt.activityID.isEmpty
        ? .attemptOfCourse(attempt.courseID, attempt.attemptID)
        : .attemptOfActivity(attempt.activityID, attempt.attemptID)
    case .reaction(let reaction):
      reaction.activityID.isEmpty
        ? .relevance(reaction.courseID, reaction.userID)
        : .reaction(reaction.activityID, reaction.kind.rawValue, reaction.userID)
    case .comment(let comment): .comment(comment.commentID)
    case .post(let post): .post(post.postID)
    case .like(let like):
      like.postID.isEmpty
        ? .commentLike(like.commentID, like.userID) : .postLike(like.postID, like.userID)
    case .download(let download): .download(download.downloadID)
    }
  }
}
