internal import TallyModel

/// What a dry run asks: what would become of events.
extension Snapshot {
  /// The verdicts that a batch would get on top of this snapshot, events one by one in their
  /// order. Nothing changes.
  ///
  /// - Throws: `dataLoss` for damaged records.
  package func judge(
    tenant: String, _ batch: EventBatch
  ) throws(StoreError) -> [EventVerdict] {
    let result = batch.bytes.withUnsafeBytes { events in
      Result { () throws(StoreError) in try judge(tenant, events, batch.count) }
    }
    return try result.get()
  }

  private func judge(
    _ name: String, _ events: UnsafeRawBufferPointer, _ count: Int
  ) throws(StoreError) -> [EventVerdict] {
    let tenant = try tenant(name)
    var standing: [[UInt8]: Standing] = [:]
    var verdicts: [EventVerdict] = []
    var reader = EventRecords(events, count: count, position: 0)
    while let event = try reader.next() {
      let fact: Fact
      do { fact = try Fact(kind: event.kind, fixedForm: event.fixedForm) } catch {
        throw StoreError(code: .badRecord, message: "an event cannot be read: \(error.message)")
      }
      let key = Self.naturalKey(of: fact)
      let new = Standing(
        version: event.occurredAt, isGone: fact.isDeletedOrWithdrawn, form: event.fixedForm.array)
      var old = standing[key]
      if old == nil, let tenant {
        old = try stored(fact, ifAt: event.occurredAt, in: tenant)
      }
      let outcome = old.map { new.outcome(over: $0) } ?? .applied
      if outcome == .applied { standing[key] = new }
      verdicts.append(outcome.verdict)
    }
    return verdicts
  }

  /// A version of a fact.
  struct Standing {
    var version: Int64
    var isGone: Bool
    var form: [UInt8]

    func outcome(over stored: Standing) -> Precedence.Outcome {
      Precedence.outcome(
        of: .init(time: Timestamp(nanoseconds: version), isGone: isGone),
        against: .init(time: Timestamp(nanoseconds: stored.version), isGone: stored.isGone)
      ) { (form, stored.form) }
    }
  }

  /// The ids that make the natural key, each behind its size, after the kind.
  static func naturalKey(of fact: Fact) -> [UInt8] {
    let parts: [String] =
      switch fact {
      case .user(let user): [user.userID.text]
      case .group(let group): [group.groupID.text]
      case .membership(let member): [member.groupID.text, member.userID.text]
      case .course(let course): [course.courseID.text]
      case .activity(let activity): [activity.activityID.text]
      case .path(let path): [path.pathID.text]
      case .attempt(let attempt):
        attempt.activityID.isEmpty
          ? ["", attempt.courseID.text, attempt.attemptID.text]
          : [attempt.activityID.text, attempt.attemptID.text]
      case .reaction(let reaction):
        reaction.activityID.isEmpty
          ? ["", reaction.courseID.text, reaction.userID.text]
          : [reaction.activityID.text, "\(reaction.kind.rawValue)", reaction.userID.text]
      case .comment(let comment): [comment.commentID.text]
      case .post(let post): [post.postID.text]
      case .like(let like): [like.postID.text, like.commentID.text, like.userID.text]
      case .download(let download): [download.downloadID.text]
      }
    return parts.reduce(into: [fact.kind.rawValue]) { key, part in
      key.append(UInt8(part.utf8.count))
      key.append(contentsOf: part.utf8)
    }
  }

  /// The stored version of a fact; its fixed form only if it is of the time `version`.
  private func stored(
    _ fact: Fact, ifAt version: Int64, in tenant: Tenant
  ) throws(StoreError) -> Standing? {
    if fact.kind.rawValue >= FactKind.attempt.rawValue {
      return try storedAction(fact, ifAt: version, in: tenant)
    }
    return try storedDirectory(fact, ifAt: version, in: tenant)
  }
}
