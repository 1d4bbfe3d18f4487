/// The checks that a field of a fact can need. Each throws the refusal it gives.
struct FieldCheck {
  /// The fact's field in the event, such as `comment`.
  let fact: String
  let limits: Limits

  /// An id of a natural key, or one that this fact cannot do without.
  func required<Kind>(_ field: String, _ id: ID<Kind>, unless: Bool = false) throws(Refusal) {
    guard !id.isEmpty else {
      if unless { return }
      throw Refusal(
        reason: .missing, field: "\(fact).\(field)",
        message: "\(fact).\(field) is missing: give an id of 1 to \(limits.idBytes) bytes")
    }
    try optional(field, id)
  }

  func optional<Kind>(_ field: String, _ id: ID<Kind>) throws(Refusal) {
    try text(field, id.text, limit: limits.idBytes)
  }

  func text(_ field: String, _ text: String, limit: Int? = nil) throws(Refusal) {
    let limit = limit ?? limits.textBytes
    let count = text.utf8.count
    guard count <= limit else {
      throw Refusal(
        reason: .tooLong, field: "\(fact).\(field)",
        message: "\(fact).\(field) has \(count) bytes: shorten it to at most \(limit)")
    }
    if text.utf8.contains(0) {
      throw Refusal(
        reason: .invalidText, field: "\(fact).\(field)",
        message: "\(fact).\(field) holds a NUL: remove it")
    }
  }

  /// Languages or tags.
  func labels(_ field: String, _ labels: [String]) throws(Refusal) {
    try count(field, labels.count, limit: limits.labels)
    for (index, label) in labels.enumerated() {
      try text("\(field)[\(index)]", label, limit: limits.labelBytes)
    }
  }

  func ids<Kind>(_ field: String, _ ids: [ID<Kind>], limit: Int) throws(Refusal) {
    try count(field, ids.count, limit: limit)
    for (index, id) in ids.enumerated() { try required("\(field)[\(index)]", id) }
  }

  private func count(_ field: String, _ count: Int, limit: Int) throws(Refusal) {
    guard count <= limit else {
      throw Refusal(
        reason: .tooLong, field: "\(fact).\(field)",
        message: "\(fact).\(field) holds \(count) elements: give at most \(limit)")
    }
  }

  /// An enum's value that must be one of those named.
  func value(_ field: String, _ isAllowed: Bool, _ number: Int32, _ allowed: String)
    throws(Refusal)
  {
    guard !isAllowed else { return }
    throw Refusal(
      reason: .invalidValue, field: "\(fact).\(field)",
      message: "\(fact).\(field) is \(number): use \(allowed)")
  }

  /// A time that may be unset.
  func time(_ field: String, _ time: Timestamp?) throws(Refusal) {
    guard let time, !time.isValid else { return }
    throw Refusal(
      reason: .timeOutOfRange, field: "\(fact).\(field)",
      message: "\(fact).\(field) is no moment from 1970 to April 2262: correct it or leave it out")
  }

  /// One of some fields that exclude each other.
  ///
  /// - Parameter needed: whether there must be one; never may there be two.
  func one(of fields: [(name: String, isSet: Bool)], needed: Bool) throws(Refusal) {
    let set = fields.filter(\.isSet)
    var names: String { fields.map { "\(fact).\($0.name)" }.joined(separator: ", ") }
    if set.count > 1 {
      throw Refusal(
        reason: .conflict, field: "\(fact).\(set[1].name)",
        message: "\(fact).\(set[0].name) and \(fact).\(set[1].name) exclude each other: "
          + "set one of \(names)")
    }
    if set.isEmpty, needed {
      throw Refusal(
        reason: .missing, field: "\(fact).\(fields[0].name)",
        message: "\(fact) names no place or target: set one of \(names)")
    }
  }
}
