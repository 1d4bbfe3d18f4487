/// Words that say nothing: a type or function that needs one has no idea yet.
enum NameCheck {
  static let bannedWords: Set = [
    "Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Info", "Data", "Item",
    "Base",
  ]
  static let bannedFunctions: Set = ["process", "perform"]
  /// Words of the field that hold a banned one: HTTP/2's DATA frames, the data directory, and the
  /// data sets of measurements.
  static let fieldWords: Set = [
    "DataSource", "DataFill", "DataDirectory", "DataSet", "DataSetOptions",
  ]

  static func findings(in file: SourceFile) -> [Finding] {
    guard file.isSwift, !file.isGenerated else { return [] }
    return file.code.enumerated().flatMap { number, line -> [Finding] in
      let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
      return zip(words, words.dropFirst()).compactMap { keyword, name in
        if declaresType(keyword), !fieldWords.contains(name),
          let word = parts(of: name).first(where: bannedWords.contains)
        {
          return file.finding(number, "'\(name)' says '\(word)': name what it is")
        }
        if keyword == "func", bannedFunctions.contains(name) {
          return file.finding(number, "'\(name)' names no action: say what is done")
        }
        return nil
      }
    }
  }

  private static func declaresType(_ keyword: String) -> Bool {
    ["struct", "class", "enum", "protocol", "actor", "typealias", "associatedtype"]
      .contains(keyword)
  }

  /// `HTTPDataReader` is HTTP, Data, Reader.
  static func parts(of name: String) -> [String] {
    var parts: [String] = []
    var part = ""
    var previous: Character = "_"
    let characters = Array(name)
    for (index, character) in characters.enumerated() {
      let next = index + 1 < characters.count ? characters[index + 1] : "_"
      let starts =
        character.isUppercase && (!previous.isUppercase || next.isLowercase) || character == "_"
      if starts, !part.isEmpty {
        parts.append(part)
        part = ""
      }
      if character != "_" { part.append(character) }
      previous = character
    }
    return part.isEmpty ? parts : parts + [part]
  }
}
