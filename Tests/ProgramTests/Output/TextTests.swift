internal import Testing

@testable internal import tally

@Suite struct `time text` {
  @Test(
    arguments: [
      (0, 0, "1970-01-01T00:00:00.000Z"),
      (951_782_399, 999_999_999, "2000-02-28T23:59:59.999Z"),
      (951_782_400, 0, "2000-02-29T00:00:00.000Z"),
      (951_868_800, 1_000_000, "2000-03-01T00:00:00.001Z"),
      (1_358_639_568, 463_999_999, "2013-01-19T23:52:48.463Z"),
      (4_107_542_400, 0, "2100-03-01T00:00:00.000Z"),
      (9_223_372_036, 854_775_807, "2262-04-11T23:47:16.854Z"),
      (-1, 999_000_000, "1969-12-31T23:59:59.999Z"),
    ] as [(Int64, Int32, String)])
  func `is the UTC date with milliseconds cut`(seconds: Int64, nanos: Int32, text: String) {
    #expect(timeText(seconds: seconds, nanoseconds: nanos) == text)
  }
}

@Suite struct `number text` {
  @Test(arguments: [
    (0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-1_000, "-1,000"),
  ])
  func `thousands are grouped`(number: Int, text: String) {
    #expect(grouped(number) == text)
  }

  @Test func `sizes and durations have units`() {
    #expect(sizeText(512) == "512 B")
    #expect(sizeText(1536) == "1.5 KiB")
    #expect(sizeText(3 << 30) == "3.0 GiB")
    #expect(durationText(.milliseconds(850)) == "850 ms")
    #expect(durationText(.milliseconds(12_345)) == "12.3 s")
    #expect(durationText(.seconds(245)) == "4 min 05 s")
    #expect(durationText(.seconds(12_000)) == "3 h 20 min")
    #expect(durationText(.seconds(187_200)) == "2 d 4 h")
  }
}

@Suite struct `display width` {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("한", 2), ("👍🏽", 2), ("❤️", 2),
    ("ｗ", 2), ("a\u{200B}b", 2),
  ])
  func `wide characters take two columns and marks none`(text: String, width: Int) {
    #expect(text.displayWidth == width)
  }

  @Test func `cut text says that it is cut`() {
    #expect("abcdef".cut(toWidth: 6) == "abcdef")
    #expect("abcdef".cut(toWidth: 4) == "abc…")
    #expect("日本語".cut(toWidth: 4) == "日…")
  }

  @Test func `controls are shown, never sent to the terminal`() {
    #expect("a\r\nb\u{1B}[2J".withoutControls == "a␍␊b␛[2J")
    #expect("\u{202E}abc".withoutControls == "\u{FFFD}abc")
  }
}

@Suite struct `table layout` {
  @Test func `numbers align to the right and text to the left`() {
    let layout = TableLayout(
      titles: ["Name", "Views"], rows: [["日本", "12,345"]], alignsRight: [false, true],
      terminalWidth: nil)

    #expect(layout.titleLines == ["Name   Views"])
    #expect(layout.line(["日本", "7"]) == "日本       7")
    #expect(layout.rule == "────  ──────")
  }

  @Test func `text is cut to fit the terminal and numbers are not`() {
    let layout = TableLayout(
      titles: ["Name", "Views"], rows: [[String(repeating: "x", count: 50), "1234567"]],
      alignsRight: [false, true], terminalWidth: 20)

    let line = layout.line([String(repeating: "x", count: 50), "1234567"])
    #expect(line == "xxxxxxxxxx…  1234567")
  }

  @Test func `titles are broken between words before text is cut`() {
    let layout = TableLayout(
      titles: ["Name", "Have a question", "Views"], rows: [["abcdef", "1", "2"]],
      alignsRight: [false, true, true], terminalWidth: 25)

    #expect(layout.titleLines == ["          Have a", "Name    question  Views"])
    #expect(layout.line(["abcdef", "1", "2"]) == "abcdef         1      2")
  }

  @Test func `the last text column has no spaces behind it`() {
    let layout = TableLayout(
      titles: ["A", "B"], rows: [["a", "long text"]], alignsRight: [false, false],
      terminalWidth: nil)

    #expect(layout.line(["a", "b"]) == "a  b")
  }
}

@Suite struct `progress` {
  @Test func `a bar fits its terminal`() {
    let state = Progress.State(done: 62, total: 100, count: 1_234_567)

    let bar = Progress.bar(state, after: .seconds(10), 90, "events")

    #expect(bar.hasPrefix("[███"))
    #expect(bar.hasSuffix("░]  62 %  1,234,567 events  123,456/s  0:07 left"))
    for columns in 10...120 {
      #expect(Progress.bar(state, after: .seconds(10), columns, "events").displayWidth < columns)
    }
  }

  @Test func `without a total there is a count and a rate`() {
    let state = Progress.State(done: 5, total: nil, count: 2_000)

    #expect(Progress.bar(state, after: .seconds(2), 80, "rows") == "2,000 rows  1,000/s")
    #expect(Progress.line(state, after: .seconds(2), "rows") == "2,000 rows, 1,000/s")
  }
}
