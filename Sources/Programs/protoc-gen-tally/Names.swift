/// Names in Swift and in protoc-c's C for what a .proto file names.
enum Names {
  /// `occurred_at` is `occurredAt`, as in protobuf's JSON.
  static func lowerCamel(_ snake: String) -> String {
    var result = ""
    var raise = false
    for character in snake {
      if character == "_" {
        raise = !result.isEmpty
      } else {
        result += raise ? character.uppercased() : String(character)
        raise = false
      }
    }
    return result
  }

  static func upperCamel(_ snake: String) -> String {
    let name = lowerCamel(snake)
    return name.prefix(1).uppercased() + name.dropFirst()
  }

  /// A property, a case or a parameter, in backticks if Swift would not take it otherwise.
  static func declared(_ name: String) -> String { keywords.contains(name) ? "`\(name)`" : name }

  /// `ROLE_LEARNER` of the enum `Role` is `learner`.
  static func value(_ value: String, of enumeration: String) -> String {
    var prefix = ""
    for character in enumeration {
      if character.isUppercase && !prefix.isEmpty { prefix += "_" }
      prefix += character.uppercased()
    }
    prefix += "_"
    let rest = value.hasPrefix(prefix) ? String(value.dropFirst(prefix.count)) : value
    return lowerCamel(rest.lowercased())
  }

  /// `tally.v1.Event` is `Tally__V1__Event`.
  static func cType(_ fullName: String) -> String {
    fullName.split(separator: ".").map { upperCamel(String($0)) }.joined(separator: "__")
  }

  /// `tally.v1.UserFact` is `tally__v1__user_fact`, which its functions begin with.
  static func cFunctions(_ fullName: String) -> String {
    fullName.split(separator: ".").map { part in
      var lower = ""
      var wasUpper = true
      for character in part {
        if character.isUppercase && !wasUpper { lower += "_" }
        wasUpper = character.isUppercase
        lower += character.lowercased()
      }
      return lower
    }.joined(separator: "__")
  }

  /// protoc-c puts an underscore behind C++'s keywords.
  static func cField(_ name: String) -> String {
    let lower = name.lowercased()
    return cKeywords.contains(lower) ? lower + "_" : lower
  }

  private static let keywords: Set<String> = [
    "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer",
    "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for",
    "func", "guard", "if", "import", "in", "init", "inout", "internal", "is", "let", "nil",
    "operator", "private", "protocol", "public", "repeat", "rethrows", "return", "self", "static",
    "struct", "subscript", "super", "switch", "throw", "throws", "true", "try", "typealias", "var",
    "where", "while",
  ]

  private static let cKeywords: Set<String> = [
    "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case", "catch", "char",
    "class", "compl", "const", "const_cast", "continue", "default", "delete", "do", "double",
    "dynamic_cast", "else", "enum", "explicit", "extern", "false", "float", "for", "friend",
    "goto", "if", "inline", "int", "long", "mutable", "namespace", "new", "not", "not_eq",
    "operator", "or", "or_eq", "private", "protected", "public", "register", "reinterpret_cast",
    "return", "short", "signed", "sizeof", "static", "static_cast", "struct", "switch", "template",
    "this", "throw", "true", "try", "typedef", "typeid", "typename", "union", "unsigned", "using",
    "virtual", "void", "volatile", "wchar_t", "while", "xor", "xor_eq",
  ]
}
