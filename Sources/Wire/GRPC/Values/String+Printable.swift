extension String {
  /// The text for a log or a terminal when a stranger chose the words: the first `limit` letters,
  /// with a question mark for each that is not to be seen but moves what is.
  package func printable(_ limit: Int) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in unicodeScalars.prefix(limit) {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: scalars.append("?")
      default: scalars.append(scalar)
      }
    }
    return String(scalars)
  }
}
