internal import Foundation

/// A file of the repository, with its path from the root.
struct SourceFile: Sendable {
  let path: String
  let lines: [String]
  /// Swift without comments and without the contents of strings, line for line.
  let code: [String]

  init(path: String, text: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    code = path.hasSuffix(".swift") ? codeOnly(lines) : lines
  }

  /// The target that the file belongs to: `Sources/<layer>/<target>/…` or `Tests/<target>/…`.
  var target: String {
    let parts = path.split(separator: "/").map(String.init)
    return parts.first == "Sources" ? parts.dropFirst(2).first ?? "" : parts.dropFirst().first ?? ""
  }

  /// `Sources` or `Tests` and so on.
  var top: String { String(path.prefix { $0 != "/" }) }

  var isSwift: Bool { path.hasSuffix(".swift") }

  var isGenerated: Bool {
    path.contains("/Generated/") || path.contains("/CTallyMessages/")
      || path.contains("/CTestMessages/") || path.hasSuffix("_pb2.py")
  }

  func finding(_ line: Int, _ message: String) -> Finding {
    Finding(place: "\(path):\(line + 1)", message: message)
  }
}

/// What is untidy, where, and what to do.
struct Finding: Equatable, CustomStringConvertible {
  let place: String
  let message: String

  var description: String { "\(place): \(message)" }
}

/// The files of Sources, Tests, Scripts and proto; data of tests apart.
enum SourceTree {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static let files: [SourceFile] = {
    let kinds: Set = ["swift", "c", "h", "modulemap", "proto", "py", "sh", ""]
    var files: [SourceFile] = []
    for top in ["Sources", "Tests", "Scripts", "proto"] {
      let folder = root.appending(path: top)
      let found = FileManager.default.enumerator(
        at: folder, includingPropertiesForKeys: [.isRegularFileKey],
        options: [.skipsHiddenFiles])
      while let url = found?.nextObject() as? URL {
        let path = top + url.path.dropFirst(folder.path.count)
        guard kinds.contains(url.pathExtension), !path.hasPrefix("Tests/Fixtures"),
          !url.hasDirectoryPath, let text = try? String(contentsOf: url, encoding: .utf8)
        else { continue }
        files.append(SourceFile(path: path, text: text))
      }
    }
    return files
  }()

  static var swift: [SourceFile] { files.filter(\.isSwift) }
}
