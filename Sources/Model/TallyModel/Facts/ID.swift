/// The opaque name of a thing: UTF-8 of 1 to 128 bytes, compared, ordered and hashed by its bytes.
///
/// Two ids that only a Unicode comparison calls equal (`é` composed and decomposed) are different.
/// Empty stands for "none" where a fact may leave an id out.
/// - Source: api.md, first part; rules.md, section 7 for the order.
package struct ID<Kind>: Sendable {
  package var text: String

  package init(_ text: String) {
    self.text = text
  }

  /// No id at all.
  package static var none: ID { ID("") }

  package var isEmpty: Bool { text.utf8.isEmpty }
}

extension ID: Hashable, Comparable {
  package static func == (left: ID, right: ID) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  package static func < (left: ID, right: ID) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    hasher.combine(UInt8(0xFF))
  }
}

extension ID: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) {
    self.init(text)
  }
}

extension ID: CustomStringConvertible {
  package var description: String { text }
}

package enum UserKind {}
package enum GroupKind {}
package enum CourseKind {}
package enum ActivityKind {}
package enum PathKind {}
package enum AttemptKind {}
package enum CommentKind {}
package enum PostKind {}
package enum DownloadKind {}
/// A learning need, project, path session, session: places that no report has a row for.
package enum PlaceKind {}

package typealias UserID = ID<UserKind>
package typealias GroupID = ID<GroupKind>
package typealias CourseID = ID<CourseKind>
package typealias ActivityID = ID<ActivityKind>
package typealias PathID = ID<PathKind>
package typealias AttemptID = ID<AttemptKind>
package typealias CommentID = ID<CommentKind>
package typealias PostID = ID<PostKind>
package typealias DownloadID = ID<DownloadKind>
package typealias PlaceID = ID<PlaceKind>
