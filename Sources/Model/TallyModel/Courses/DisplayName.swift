/// "First Last" as reports show an author; empty parts are left out.
///
/// - Source: rules.md, section 5, "Author and co-authors".
package func displayName(first: String, last: String) -> String {
  switch (first.isEmpty, last.isEmpty) {
  case (false, false): first + " " + last
  case (false, true): first
  case (true, _): last
  }
}
