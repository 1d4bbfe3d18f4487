internal import CZlib

/// A file, gunzipped if it is compressed.
package func contentsOfFile(_ path: String) throws -> [UInt8] {
  guard let file = gzopen(path, "rb") else { throw FixtureError("'\(path)' cannot be opened") }
  defer { gzclose(file) }
  var contents: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 20)
  while true {
    let count = gzread(file, &chunk, UInt32(chunk.count))
    guard count >= 0 else { throw FixtureError("'\(path)' is damaged: it does not gunzip") }
    if count == 0 { return contents }
    contents += chunk[..<Int(count)]
  }
}

/// A fixture that is not there or not what it should be.
package struct FixtureError: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}
