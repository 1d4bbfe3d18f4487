internal import Testing

@testable internal import tally

@Suite struct `CSV` {
  private func text(_ cells: [Cell], neutralising: Bool = false) -> String {
    var writer = CSVWriter(neutralisesFormulas: neutralising)
    writer.write(line: cells)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  @Test func `cells are separated by commas and lines end in CRLF`() {
    #expect(text([.text("a"), .count(7), .text("")]) == "a,7,\r\n")
  }

  @Test(arguments: [
    ("a,b", "\"a,b\""), ("say \"so\"", "\"say \"\"so\"\"\""), ("a\rb", "\"a\rb\""),
    ("a\nb", "\"a\nb\""), ("a\r\nb", "\"a\r\nb\""),
    // A mark that combines with the comma or quote makes one character of two; bytes decide.
    (",\u{301}", "\",\u{301}\""), ("\"\u{301}", "\"\"\"\u{301}\""),
  ])
  func `a field that holds a comma, a quote, CR or LF is quoted`(raw: String, written: String) {
    #expect(text([.text(raw)]) == written + "\r\n")
  }

  @Test(arguments: ["plain", " padded ", "tab\there", "it's", "é|ü", "=1+1", "-"])
  func `no other field is quoted`(raw: String) {
    #expect(text([.text(raw)]) == raw + "\r\n")
  }

  @Test func `numbers are plain digits, and unset is nothing`() {
    let cells: [Cell] = [.count(0), .count(.max), .number(-100), .number(.min), .unset, .count(10)]

    #expect(text(cells) == "0,18446744073709551615,-100,-2147483648,,10\r\n")
  }

  @Test func `lists are joined with a bar`() {
    #expect(text([.list([]), .list(["a"]), .list(["a", "b,c"])]) == ",a,\"a|b,c\"\r\n")
  }

  @Test(arguments: ["=1+1", "+1", "-1", "@A1", "\tx", "\rx"])
  func `formulas get an apostrophe if asked for`(raw: String) {
    let written = text([.text(raw), .list([raw])], neutralising: true)

    #expect(written.hasPrefix("'") || written.hasPrefix("\"'"))
    #expect(written.split(separator: ",").count == 2)
    #expect(!written.contains(",=") && written.contains(",'") || written.contains(",\"'"))
  }

  @Test func `neutralising leaves numbers and other text alone`() {
    #expect(text([.number(-5), .text("a=b"), .unset], neutralising: true) == "-5,a=b,\r\n")
  }
}
