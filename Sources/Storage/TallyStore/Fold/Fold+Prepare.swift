internal import TallyModel

/// The facts of what users do, as they come: numbered, keyed and put aside.
extension Fold {
  func prepare(
    _ event: EventRecord, _ tenant: FoldTenant, at position: UInt64, _ place: Int
  ) throws(StoreError) {
    let form = arena.copy(event.fixedForm)
    let fields: FixedFormFields
    do { fields = try FixedFormFields(form) } catch {
      throw StoreError(
        code: .badRecord, message: "log record \(position) cannot be applied: \(error.message)")
    }
    var pending = PendingAction(
      event: place, position: position, key: .none, fixedForm: form, version: event.occurredAt,
      record: ActionRecord())
    pending.record.version = event.occurredAt
    pending.record.first = ActionRecord.seconds(event.occurredAt)
    switch event.kind {
    case .attempt:
      try prepareAttempt(fields, tenant, &pending)
      attempts.append(pending)
    case .reaction:
      try prepareReaction(fields, tenant, &pending)
      reactions.append(pending)
    case .comment:
      try prepareComment(fields, tenant, &pending)
      comments.append(pending)
    case .post:
      try preparePost(fields, tenant, &pending)
      posts.append(pending)
    case .like:
      try prepareLike(fields, tenant, &pending)
      likes.append(pending)
    case .download:
      try prepareDownload(fields, tenant, &pending)
      downloads.append(pending)
    case .user, .group, .membership, .course, .activity, .path:
      preconditionFailure("facts of the directory do not wait")
    }
  }

  private func prepareAttempt(
    _ fields: FixedFormFields, _ tenant: FoldTenant, _ pending: inout PendingAction
  ) throws(StoreError) {
    let position = pending.position
    pending.record.user = try number(.user, fields.bytes(2), tenant, at: position)
    let activity = try number(.activity, fields.bytes(3), tenant, at: position)
    let course = try number(.course, fields.bytes(4), tenant, at: position)
    pending.record.target = activity == 0 ? course : activity
    pending.record.second = activity == 0 ? 0 : course
    pending.record.flags =
      (fields.flag(5) ? ActionRecord.gone : 0) | (activity == 0 ? ActionRecord.ofCourse : 0)
    var key = keys.writer
    ActionKey.attempt(
      tenant.number, target: pending.record.target, id: fields.bytes(1), into: &key)
    pending.key = arena.copy(key.bytes)
  }

  private func prepareReaction(
    _ fields: FixedFormFields, _ tenant: FoldTenant, _ pending: inout PendingAction
  ) throws(StoreError) {
    let position = pending.position
    pending.record.user = try number(.user, fields.bytes(1), tenant, at: position)
    let activity = try number(.activity, fields.bytes(2), tenant, at: position)
    let course = try number(.course, fields.bytes(3), tenant, at: position)
    let kind = UInt8(truncatingIfNeeded: fields.number(4)) & 15
    pending.record.target = activity == 0 ? course : activity
    pending.record.second = activity == 0 ? 0 : course
    pending.record.flags =
      (fields.flag(5) ? ActionRecord.gone : 0) | (activity == 0 ? ActionRecord.ofCourse : 0)
      | kind << 4
    try stamp(course: course, activity: activity, tenant)
    var key = keys.writer
    ActionKey.reaction(
      tenant.number, target: pending.record.target,
      kind: activity == 0 ? ActionKey.relevance : kind, user: pending.record.user, into: &key)
    pending.key = arena.copy(key.bytes)
  }

  private func prepareComment(
    _ fields: FixedFormFields, _ tenant: FoldTenant, _ pending: inout PendingAction
  ) throws(StoreError) {
    let position = pending.position
    pending.record.user = try number(.user, fields.bytes(2), tenant, at: position)
    pending.record.target = try number(.activity, fields.bytes(3), tenant, at: position)
    pending.record.second = try number(.course, fields.bytes(4), tenant, at: position)
    pending.record.flags =
      (fields.flag(8) ? ActionRecord.isPrivate : 0) | (fields.flag(9) ? ActionRecord.archived : 0)
      | (fields.flag(10) ? ActionRecord.gone : 0)
    setPlaces([fields.bytes(5), fields.bytes(6), fields.bytes(7)], &pending)
    try stamp(course: pending.record.second, activity: pending.record.target, tenant)
    var key = keys.writer
    ActionKey.own(tenant.number, id: fields.bytes(1), into: &key)
    pending.key = arena.copy(key.bytes)
  }

  private func preparePost(
    _ fields: FixedFormFields, _ tenant: FoldTenant, _ pending: inout PendingAction
  ) throws(StoreError) {
    let position = pending.position
    pending.record.user = try number(.user, fields.bytes(2), tenant, at: position)
    pending.record.target = try number(.group, fields.bytes(3), tenant, at: position)
    pending.record.second = try number(.user, fields.bytes(5), tenant, at: position)
    pending.record.flags =
      (fields.flag(7) ? ActionRecord.archived : 0) | (fields.flag(8) ? ActionRecord.gone : 0)
    setPlaces([fields.bytes(4), fields.bytes(6)], &pending)
    var key = keys.writer
    ActionKey.own(tenant.number, id: fields.bytes(1), into: &key)
    pending.key = arena.copy(key.bytes)
  }

  private func prepareLike(
    _ fields: FixedFormFields, _ tenant: FoldTenant, _ pending: inout PendingAction
  ) throws(StoreError) {
    pending.record.user = try number(.user, fields.bytes(1), tenant, at: pending.position)
    pending.record.flags = fields.flag(4) ? ActionRecord.gone : 0
    let isOnPost = fields.has(2)
    var key = keys.writer
    ActionKey.like(
      tenant.number, on: isOnPost ? ActionKey.Liked.post : ActionKey.Liked.comment,
      id: fields.bytes(isOnPost ? 2 : 3), user: pending.record.user, into: &key)
    pending.key = arena.copy(key.bytes)
  }

  private func prepareDownload(
    _ fields: FixedFormFields, _ tenant: FoldTenant, _ pending: inout PendingAction
  ) throws(StoreError) {
    let position = pending.position
    pending.record.user = try number(.user, fields.bytes(2), tenant, at: position)
    pending.record.target = try number(.activity, fields.bytes(3), tenant, at: position)
    pending.record.second = try number(.course, fields.bytes(4), tenant, at: position)
    pending.record.flags =
      (fields.flag(6) ? ActionRecord.gone : 0)
      | (UInt8(truncatingIfNeeded: fields.number(5)) & 15) << 4
    var key = keys.writer
    ActionKey.own(tenant.number, id: fields.bytes(1), into: &key)
    pending.key = arena.copy(key.bytes)
  }

  /// Keeps the ids that have no number, each behind its size.
  private func setPlaces(
    _ ids: InlineArray<3, UnsafeRawBufferPointer>, _ pending: inout PendingAction
  ) {
    var size = 0
    for index in ids.indices where !ids[index].isEmpty { size += 1 + ids[index].count }
    guard size > 0 else { return }
    var writer = ByteWriter(arena.take(size))
    for index in ids.indices where !ids[index].isEmpty {
      pending.record.placeFlags |= 1 << UInt8(index)
      writer.short(ids[index])
    }
    pending.record.places = writer.bytes
  }

  private func setPlaces(
    _ ids: InlineArray<2, UnsafeRawBufferPointer>, _ pending: inout PendingAction
  ) {
    setPlaces([ids[0], ids[1], .none], &pending)
  }

  /// Notes that a reaction or comment on the activity named the course: the lists of the course
  /// look there. Never taken back.
  private func stamp(
    course: UInt32, activity: UInt32, _ tenant: FoldTenant
  ) throws(StoreError) {
    guard course != 0, activity != 0 else { return }
    let pair = StampedPair(tenant: tenant.number, course: course, activity: activity)
    guard !stampedLately.contains(pair) else { return }
    if stampedLately.count >= 1 << 16 { stampedLately.removeAll(keepingCapacity: true) }
    stampedLately.insert(pair)
    var key = keys.writer
    Key.pair(tenant.number, course, activity, into: &key)
    guard try tables[.stamped].find(key.bytes, atLeast: 0) == nil else { return }
    try tables[.stamped].put(key.bytes) { _ in }
  }
}

/// An activity and a course that a reaction or comment named together.
struct StampedPair: Hashable {
  let tenant: UInt32
  let course: UInt32
  let activity: UInt32
}
