/// The fixed form of a fact: the protobuf message of `events.proto`, fields in ascending number,
/// defaults left out, times that are set written even at the epoch, roles sorted and distinct,
/// lists as given. Log, registers and the comparison of versions use it, so it must never change.
///
/// - Source: rules.md, section 1.
extension Fact {
  package var fixedForm: [UInt8] {
    var bytes: [UInt8] = []
    fixedForm(into: &bytes)
    return bytes
  }

  /// Appends the fixed form.
  package func fixedForm(into bytes: inout [UInt8]) {
    WireWriter.append(to: &bytes, bound: fixedFormBound) { fixedForm(into: &$0) }
  }

  /// Writes the fixed form; `fixedFormBound` bytes are room enough.
  package func fixedForm(into writer: inout WireWriter) {
    switch self {
    case .user(let user): user.write(into: &writer)
    case .group(let group): group.write(into: &writer)
    case .membership(let membership): membership.write(into: &writer)
    case .course(let course): course.write(into: &writer)
    case .activity(let activity): activity.write(into: &writer)
    case .path(let path): path.write(into: &writer)
    case .attempt(let attempt): attempt.write(into: &writer)
    case .reaction(let reaction): reaction.write(into: &writer)
    case .comment(let comment): comment.write(into: &writer)
    case .post(let post): post.write(into: &writer)
    case .like(let like): like.write(into: &writer)
    case .download(let download): download.write(into: &writer)
    }
  }

  /// As many bytes as the fixed form takes, or some more.
  package var fixedFormBound: Int {
    // A text or element takes a tag of 1 byte and a length of 1 to 5; numbers, flags and times of
    // one fact together stay below 96.
    func bound(_ texts: String...) -> Int { texts.reduce(96) { $0 + 6 + $1.utf8.count } }
    func bound(of list: [String]) -> Int { list.reduce(0) { $0 + 6 + $1.utf8.count } }
    func bound<Kind>(of list: [ID<Kind>]) -> Int { list.reduce(0) { $0 + 6 + $1.text.utf8.count } }
    switch self {
    case .user(let user):
      return bound(
        user.userID.text, user.firstName, user.lastName, user.email, user.additionalInformation)
    case .group(let group):
      return bound(group.groupID.text, group.name, group.parentGroupID.text)
    case .membership(let membership):
      return bound(membership.groupID.text, membership.userID.text)
    case .course(let course):
      return bound(
        course.courseID.text, course.name, course.authorUserID.text, course.sourceLanguage)
        + bound(of: course.coAuthorUserIDs) + bound(of: course.availableLanguages)
        + bound(of: course.unavailableLanguages) + bound(of: course.tags)
    case .activity(let activity):
      return bound(activity.activityID.text, activity.courseID.text, activity.title)
        + bound(of: activity.tags)
    case .path(let path):
      return bound(path.pathID.text, path.name, path.authorUserID.text)
        + bound(of: path.courseIDs) + bound(of: path.editorUserIDs)
    case .attempt(let attempt):
      return bound(
        attempt.attemptID.text, attempt.userID.text, attempt.activityID.text, attempt.courseID.text)
    case .reaction(let reaction):
      return bound(reaction.userID.text, reaction.activityID.text, reaction.courseID.text)
    case .comment(let comment):
      return bound(
        comment.commentID.text, comment.userID.text, comment.activityID.text, comment.courseID.text,
        comment.learningNeedID.text, comment.projectID.text, comment.pathSessionID.text)
    case .post(let post):
      return bound(
        post.postID.text, post.userID.text, post.groupID.text, post.sessionID.text,
        post.profileUserID.text, post.replyToPostID.text)
    case .like(let like):
      return bound(like.userID.text, like.postID.text, like.commentID.text)
    case .download(let download):
      return bound(
        download.downloadID.text, download.userID.text, download.activityID.text,
        download.courseID.text)
    }
  }
}
