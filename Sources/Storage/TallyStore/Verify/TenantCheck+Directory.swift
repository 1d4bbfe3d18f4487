internal import TallyModel

/// Who is in which group, and what is in which course.
extension TenantCheck {
  func checkDirectory() {
    walk(.group, sums: false) { key, body in
      checkReference(GroupRecord(body).parent, .group, .group, key)
    }
    walk(.membership) { key, body in
      let record = MembershipRecord(body)
      let group: UInt32 = key.big(4)
      checkReference(group, .group, .membership, key)
      checkReference(record.user, .user, .membership, key)
      var user = keys.writer
      Key.entity(tenant.number, key.tail(from: 8), into: &user)
      guard tables[.user].sound(user.bytes)?.little(0) == record.user else {
        report(
          .reference, .membership, key, stored: "user number \(record.user)",
          expected: "the number of that user: restore a backup")
        return
      }
      var pair = keys.writer
      Key.pair(tenant.number, record.user, group, into: &pair)
      expect(.memberOf, pair.bytes, [record.roles])
    }
    walk(.memberOf) { key, body in
      guard namesAreSound else { return }
      var member = keys.writer
      Key.member(tenant.number, key.big(8), id(of: key.big(4)), into: &member)
      // What is there and differs, the walk over the memberships has met.
      if case .absent = tables[.membership].find(member.bytes) { extra(.memberOf, key, body) }
    }
  }

  func checkPlaces() {
    walk(.activity, sums: false) { key, body in
      let record = ActivityRecord(body)
      checkReference(record.course, .course, .activity, key)
      guard record.course != 0 else { return }
      var place = keys.writer
      Key.member(tenant.number, record.course, key.tail(from: 4), into: &place)
      expect(.inCourse, place.bytes, value { self.place(of: record).write(into: &$0) })
    }
    walk(.inCourse) { key, body in
      var activityKey = keys.writer
      Key.entity(tenant.number, key.tail(from: 8), into: &activityKey)
      guard let activity = tables[.activity].sound(activityKey.bytes) else {
        extra(.inCourse, key, body)
        return
      }
      let record = ActivityRecord(activity)
      guard isNumber(key.big(4), of: .course), key.big(4, as: UInt32.self) != 0 else {
        extra(.inCourse, key, body)
        return
      }
      // Its place now was compared; where it was before, a tombstone stays.
      if record.course == key.big(4) { return }
      var tombstone = InCourseRecord(body)
      tombstone.isGone = true
      tombstone.activity = record.number
      expect(.inCourse, key, value { tombstone.write(into: &$0) })
    }
    walk(.course, sums: false) { key, body in checkCourse(key, body) }
    walk(.courseRow) { key, body in
      guard let course = tables[.course].sound(key), let record = try? CourseRecord(course),
        record.version != noVersion
      else {
        extra(.courseRow, key, body)
        return
      }
    }
  }

  private func place(of record: ActivityRecord) -> InCourseRecord {
    InCourseRecord(
      activity: record.number, type: record.type, isGone: record.flags.contains(.deleted),
      updated: record.updated, change: record.change)
  }

  private func checkCourse(_ key: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer) {
    let record: CourseRecord
    do throws(StoreError) { record = try CourseRecord(body) } catch {
      reportDamage(.course, key, error.message, mending: nil)
      return
    }
    for user in [record.author] + record.coAuthors { checkReference(user, .user, .course, key) }
    guard record.version != noVersion else { return }
    do throws(StoreError) {
      let row = try self.row(of: record, key, change: applied)
      expect(.courseRow, key, row) { [self] stored in
        // The time of the last change is not in the facts; a mended row's is the next batch.
        stored.count == row.count && CourseRowRecord(stored).change <= applied + 1
          && stored.part(0, 4).elementsEqual(row[..<4])
          && stored.tail(from: 12).elementsEqual(row[12...])
      }
    } catch {
      reportDamage(.course, key, error.message, mending: nil)
    }
  }

  /// The row as the fold derives it.
  private func row(
    of record: CourseRecord, _ key: UnsafeRawBufferPointer, change: UInt64
  ) throws(StoreError) -> [UInt8] {
    var types = ActivityTypeCounts()
    var latest = Timestamp(nanoseconds: record.updated)
    let fact = try record.fact(ID(key.tail(from: 4).text)) { _ in "" }
    var tags = fact.tags
    var prefix = keys.writer
    Key.number(tenant.number, record.number, into: &prefix)
    var failure: StoreError?
    tables[.inCourse].walk(prefix.bytes.array, sums: false) { met in
      guard case .sound(let placeKey, let body) = met else { return }
      let place = InCourseRecord(body)
      if place.isGone { return }
      types.add(ActivityType(rawValue: place.type))
      latest = max(latest, Timestamp(nanoseconds: place.updated))
      var activityKey = keys.writer
      Key.entity(tenant.number, placeKey.tail(from: 8), into: &activityKey)
      guard let found = tables[.activity].sound(activityKey.bytes) else { return }
      do throws(StoreError) { tags += try ActivityRecord(found).tags() } catch { failure = error }
    }
    if let failure { throw failure }
    var fields: [UInt8] = []
    CourseFields(course: fact, lastUpdate: latest, tags: TagUnion(tags), activities: types)
      .encode(into: &fields)
    return value { writer in
      CourseRowRecord.write(record, change, latest, types, into: &writer)
      fields.withUnsafeBytes { writer.raw($0) }
    }
  }
}
