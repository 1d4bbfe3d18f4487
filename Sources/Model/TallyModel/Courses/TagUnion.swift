/// The tags of a course and its current activities: distinct, in byte order, the first 500.
///
/// - Source: rules.md, section 5, "Tags".
package struct TagUnion: Equatable, Sendable {
  package static let limit = 500

  package let tags: [String]
  /// How many there are beyond the limit.
  package let omitted: Int

  package init(_ tags: some Sequence<String>) {
    // Byte order, not Swift's order of strings, which calls é and e + accent the same.
    let distinct = Set(tags.map { ID<TagKind>($0) }).sorted()
    self.tags = distinct.prefix(Self.limit).map { $0.text }
    omitted = max(0, distinct.count - Self.limit)
  }
}

private enum TagKind {}

extension TagUnion {
  package static func == (left: TagUnion, right: TagUnion) -> Bool {
    left.omitted == right.omitted
      && left.tags.elementsEqual(right.tags) { $0.utf8.elementsEqual($1.utf8) }
  }
}
