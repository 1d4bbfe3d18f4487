/// Who is author or editor of what, and which activities were named with which course.
extension TenantCheck {
  func checkRelations() {
    walk(.course, sums: false) { key, body in
      guard let record = try? CourseRecord(body) else { return }
      expectRelation(.author, [record.author], record.number)
      expectRelation(.coAuthor, record.coAuthors, record.number)
    }
    walk(.path, sums: false) { key, body in
      let record: PathRecord
      do throws(StoreError) { record = try PathRecord(body) } catch {
        reportDamage(.path, key, error.message, mending: nil)
        return
      }
      for user in [record.author] + record.editors { checkReference(user, .user, .path, key) }
      for course in record.courses { checkReference(course, .course, .path, key) }
      expectRelation(.pathAuthor, [record.author], record.number)
      expectRelation(.pathEditor, record.editors, record.number)
    }
    walk(.related) { key, body in
      let user: UInt32 = key.big(4)
      guard namesAreSound else { return }
      if !related(key[8], key.big(9)).contains(user) || user == 0 { extra(.related, key, body) }
    }
    walk(.stamped) { key, body in
      let isSound =
        isNumber(key.big(4), of: .course) && isNumber(key.big(8), of: .activity)
        && key.big(4, as: UInt32.self) != 0 && key.big(8, as: UInt32.self) != 0
      if !isSound { extra(.stamped, key, body) }
    }
  }

  private func expectRelation(_ relation: Relation, _ users: [UInt32], _ number: UInt32) {
    for user in users where user != 0 {
      var key = keys.writer
      Relation.key(tenant.number, user, relation, number, into: &key)
      expect(.related, key.bytes, [])
    }
  }

  /// The users whom the fact of a course or path names so.
  private func related(_ relation: UInt8, _ number: UInt32) -> [UInt32] {
    guard let relation = Relation(rawValue: relation) else { return [] }
    let isOfCourse = relation == .author || relation == .coAuthor
    var key = keys.writer
    Key.entity(tenant.number, id(of: number), into: &key)
    guard isNumber(number, of: isOfCourse ? .course : .path),
      let body = tables[isOfCourse ? .course : .path].sound(key.bytes)
    else { return [] }
    if isOfCourse {
      guard let course = try? CourseRecord(body) else { return [] }
      return relation == .author ? [course.author] : course.coAuthors
    }
    guard let path = try? PathRecord(body) else { return [] }
    return relation == .pathAuthor ? [path.author] : path.editors
  }

  /// An activity and a course that a reaction or comment named together.
  func expectStamped(course: UInt32, activity: UInt32) {
    guard course != 0, activity != 0 else { return }
    let pair = UInt64(course) << 32 | UInt64(activity)
    guard !stamped.contains(pair) else { return }
    if stamped.count >= 1 << 16 { stamped.removeAll(keepingCapacity: true) }
    stamped.insert(pair)
    var key = keys.writer
    Key.pair(tenant.number, course, activity, into: &key)
    expect(.stamped, key.bytes, [])
  }
}
