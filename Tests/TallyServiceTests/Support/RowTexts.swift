internal import TallyMessages
internal import TallyModel
internal import TestSupport

/// Rows as the naive recount writes them.
extension GroupUserRow {
  var text: ReportRow {
    ReportRow(
      id: userId,
      cells: [
        "first_name": firstName, "last_name": lastName, "email": email,
        "additional_information": additionalInformation, "publications": "\(publications)",
        "comments": "\(comments)", "reactions": "\(reactions)",
      ])
  }
}

extension GroupRow {
  var text: ReportRow {
    ReportRow(
      id: groupId,
      cells: [
        "name": name, "publications": "\(publications)", "comments": "\(comments)",
        "reactions": "\(reactions)",
      ])
  }
}

extension CourseActivityRow {
  var text: ReportRow {
    ReportRow(
      id: activityId,
      cells: [
        "title": title, "type": TallyModel.ActivityType(rawValue: type.rawValue).name,
        "views": "\(views)", "likes": "\(likes)", "learned_something": "\(learnedSomething)",
        "outdated": "\(outdated)", "have_a_question": "\(haveAQuestion)",
        "comments": "\(comments)", "downloads": downloads.map { "\($0)" } ?? "",
      ])
  }
}

extension UserBehindRow {
  var text: ReportRow {
    ReportRow(
      id: userId,
      cells: [
        "first_name": firstName, "last_name": lastName, "email": email, "count": "\(count)",
      ])
  }
}

extension CourseRow {
  var text: ReportRow {
    var cells = [
      "name": name, "status": ["", "Active", "Archived", "Deleted"][Int(status.rawValue)],
      "created_at": timeText(createdAt), "last_update": timeText(lastUpdate),
      "source_language": sourceLanguage,
      "available_languages": availableLanguages.joined(separator: "|"),
      "unavailable_languages": unavailableLanguages.joined(separator: "|"),
      "tags": tags.joined(separator: "|"), "tags_omitted": "\(tagsOmitted)",
      "documents": "\(documents)", "cheat_sheets": "\(cheatSheets)", "questions": "\(questions)",
      "author_name": authorName, "co_author_names": coAuthorNames.joined(separator: "|"),
      "group_name": groupName,
    ]
    cells["views"] = "\(views)"
    cells["likes"] = "\(likes)"
    cells["learned_something"] = "\(learnedSomething)"
    cells["outdated"] = "\(outdated)"
    cells["have_a_question"] = "\(haveAQuestion)"
    cells["useful"] = "\(useful)"
    cells["irrelevant"] = "\(irrelevant)"
    cells["comments"] = "\(comments)"
    cells["reaction_score"] = reactionScore.map { "\($0)" } ?? ""
    cells["score_band"] = ["", "RED", "ORANGE", "GREEN"][Int(scoreBand.rawValue)]
    cells["low_sample"] = "\(lowSample)"
    return ReportRow(id: courseId, cells: cells)
  }

  private func timeText(_ time: Google.Protobuf.Timestamp?) -> String {
    time.map { TestSupport.timeText(Timestamp(seconds: $0.seconds, nanos: $0.nanos)) } ?? ""
  }
}
