/// The latest of the course's own update and those of the activities now in it and not deleted.
///
/// It goes back when the activity updated last leaves.
/// - Returns: `unset` when no time is known.
/// - Source: rules.md, section 5, "Last update".
package func lastUpdate(
  ofCourse own: Timestamp, activities: some Sequence<Timestamp>
) -> Timestamp {
  // `unset` is less than every moment.
  activities.reduce(own, max)
}
