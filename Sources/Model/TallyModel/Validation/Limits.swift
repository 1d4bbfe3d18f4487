/// How long texts and lists may be, and how far ahead a source's clock may run.
///
/// - Source: api.md, "Limits".
package struct Limits: Equatable, Sendable {
  /// Ids have 1 to this many bytes.
  package var idBytes = 128
  /// Every text without a limit of its own.
  package var textBytes = 1024
  package var emailBytes = 320
  /// A tag or a language.
  package var labelBytes = 64
  /// Tags of a course or an activity; languages of each of a course's lists.
  package var labels = 64
  /// Co-authors of a course, editors of a path.
  package var users = 64
  package var pathCourses = 2000
  /// How far `occurred_at` may lie ahead of the server's clock.
  package var aheadNanoseconds: Int64 = 300 * 1_000_000_000

  package init() {}
}
