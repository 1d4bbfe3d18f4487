extension String {
  /// How many columns of a terminal the text takes.
  ///
  /// - Source: Unicode Standard Annex 11 (East Asian Wide and Fullwidth are two columns); marks
  ///   that combine and format characters take none.
  var displayWidth: Int {
    var ascii = true
    for byte in utf8 where byte >= 0x80 || byte < 0x20 || byte == 0x7F {
      ascii = false
      break
    }
    return ascii ? utf8.count : reduce(0) { $0 + $1.displayWidth }
  }

  /// The text cut to a number of columns, with "…" in place of what is missing.
  func cut(toWidth width: Int) -> String {
    if displayWidth <= width { return self }
    if width <= 1 { return width == 1 ? "…" : "" }
    var result = ""
    var used = 0
    for character in self {
      let next = character.displayWidth
      if used + next > width - 1 { break }
      used += next
      result.append(character)
    }
    return result + "…"
  }

  /// The text with every control character as its picture, so that a name can neither break a
  /// line nor send commands to the terminal.
  var withoutControls: String {
    if !unicodeScalars.contains(where: \.isControl) { return self }
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars { result.append(scalar.isControl ? scalar.picture : scalar) }
    return String(result)
  }
}

extension Character {
  fileprivate var displayWidth: Int {
    var width = 0
    for scalar in unicodeScalars {
      // Variation selector 16 asks for the emoji form, which is wide.
      if scalar.value == 0xFE0F { return 2 }
      width = max(width, scalar.displayWidth)
    }
    return width
  }
}

extension Unicode.Scalar {
  fileprivate var isControl: Bool {
    value < 0x20 || (0x7F...0x9F).contains(value) || isDirectionControl
      || value == 0x2028 || value == 0x2029
  }

  /// Characters that turn the direction of what follows, the rest of the table included.
  private var isDirectionControl: Bool {
    (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
  }

  fileprivate var picture: Unicode.Scalar {
    switch value {
    case 0..<0x20: Unicode.Scalar(0x2400 + value) ?? "\u{FFFD}"
    case 0x7F: "\u{2421}"
    default: "\u{FFFD}"
    }
  }

  fileprivate var displayWidth: Int {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    if properties.isEmojiPresentation { return 2 }
    return Self.wide.contains { $0.contains(value) } ? 2 : 1
  }

  /// The blocks that are wide throughout, or nearly.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
    0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
  ]
}
