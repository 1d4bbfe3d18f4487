/// The regular files of a tar archive by name. Knows GNU's long names and nothing else special.
func filesOfTarArchive(_ bytes: [UInt8]) throws -> [String: [UInt8]] {
  var files: [String: [UInt8]] = [:]
  var longName: String?
  var position = 0
  while position + 512 <= bytes.count, bytes[position] != 0 {
    let header = bytes[position..<position + 512]
    let size = try octal(header.dropFirst(124).prefix(12))
    let start = position + 512
    guard start + size <= bytes.count else { throw FixtureError("the tar archive ends early") }
    let content = bytes[start..<start + size]
    switch header[position + 156] {
    case UInt8(ascii: "L"):
      longName = text(content)
    case UInt8(ascii: "0"):
      files[longName ?? text(header.prefix(100))] = Array(content)
      longName = nil
    default:
      longName = nil
    }
    position = start + (size + 511) / 512 * 512
  }
  return files
}

private func text(_ bytes: ArraySlice<UInt8>) -> String {
  String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
}

private func octal(_ bytes: ArraySlice<UInt8>) throws -> Int {
  let digits = text(bytes).filter { $0 != " " }
  guard let number = Int(digits, radix: 8) else {
    throw FixtureError("the tar archive's size '\(digits)' is no number")
  }
  return number
}
