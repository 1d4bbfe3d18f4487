internal import HTTP2
internal import Testing

@testable internal import GRPC

@Suite struct `a timeout` {
  @Test(arguments: [
    ("1H", Duration.seconds(3600)), ("2M", .seconds(120)), ("3S", .seconds(3)),
    ("4m", .milliseconds(4)), ("5u", .microseconds(5)), ("6n", .nanoseconds(6)),
    ("99999999H", .seconds(359_999_996_400)), ("00000001S", .seconds(1)),
  ])
  func `is read in every unit`(text: String, timeout: Duration) {
    #expect(read(text) == timeout)
  }

  @Test(arguments: ["", "S", "1", "1s", "-1S", "123456789S", "1 S", "1.5S", "١S"])
  func `is refused when malformed`(text: String) {
    #expect(read(text) == nil)
  }

  @Test(arguments: [
    (Duration.zero, "0n"), (.milliseconds(-5), "0n"), (.nanoseconds(99_999_999), "99999999n"),
    (.milliseconds(100), "100000u"), (.seconds(98), "98000000u"), (.seconds(99), "99000m"),
    (.seconds(99_999), "99999S"), (.seconds(100_000_000), "1666666M"),
  ])
  func `is written with at most eight digits`(timeout: Duration, text: String) {
    #expect(Timeout.text(timeout) == text)
  }

  private func read(_ text: String) -> Duration? {
    Array(text.utf8).withUnsafeBytes { Timeout.parse($0) }
  }
}

@Suite struct `a status message` {
  @Test(arguments: [
    ("plain text!~", "plain text!~"), ("100 %", "100 %25"), ("a\tb\n", "a%09b%0A"),
    ("ö", "%C3%B6"), ("\u{7F}", "%7F"), ("", ""), (" a b ", "%20a b%20"), (" ", "%20"),
  ])
  func `is encoded byte by byte and decoded again`(message: String, encoded: String) {
    #expect(StatusMessage.encode(message) == encoded)
    #expect(decode(encoded) == message)
  }

  @Test(arguments: [
    ("%", "%"), ("%4", "%4"), ("%zz", "%zz"), ("a%C3", "a\u{FFFD}"), ("%c3%b6", "ö"),
  ])
  func `is decoded whatever it is`(encoded: String, message: String) {
    #expect(decode(encoded) == message)
  }

  @Test func `is cut at a character's border`() {
    let long = String(repeating: "ö", count: 2000)

    #expect(decode(StatusMessage.encode("a" + long)) == "a" + String(repeating: "ö", count: 511))
    #expect(StatusMessage.encode(String(repeating: "a", count: 2000)).utf8.count == 1024)
  }

  private func decode(_ text: String) -> String {
    Array(text.utf8).withUnsafeBytes { StatusMessage.decode($0) }
  }
}

@Suite struct `metadata in headers` {
  @Test func `leaves out the names that HTTP keeps for itself`() {
    let metadata: Metadata = [
      "te": "x", "connection": "close", "transfer-encoding": "chunked", "content-length": "3",
      "content-type": "text/html", "host": "h", "x": "y",
    ]
    var block = HeaderBlock()

    block.add(metadata)

    #expect(block == ["x": "y"])
  }
}

@Suite struct `base 64` {
  /// RFC 4648 §10, without the padding.
  @Test(arguments: [
    ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
    ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
  ])
  func `is written without padding and read with or without`(plain: String, encoded: String) {
    let bytes = Array(plain.utf8)
    let padded = encoded + String(repeating: "=", count: (4 - encoded.utf8.count % 4) % 4)

    #expect(Base64.encode(bytes) == encoded)
    #expect(decode(encoded) == bytes)
    #expect(decode(padded) == bytes)
  }

  @Test(arguments: ["A", "Zg=", "Zg===", "Z=g=", "Zm9v=", "Zm 9v", "Zm9-"])
  func `is refused when malformed`(encoded: String) {
    #expect(decode(encoded) == nil)
  }

  private func decode(_ text: String) -> [UInt8]? {
    Array(text.utf8).withUnsafeBytes { Base64.decode($0) }
  }
}

@Suite struct `a deframer` {
  @Test func `finds the same messages however the bytes are cut`() throws {
    let messages: [[UInt8]] = [[1, 2, 3], [], [4], [UInt8](repeating: 5, count: 70_000)]
    var body: [UInt8] = []
    for message in messages {
      body += [0] + withUnsafeBytes(of: UInt32(message.count).bigEndian, Array.init) + message
    }

    for size in [1, 2, 5, 7, 1000, body.count] {
      var deframer = Deframer(limit: 100_000)
      var found: [MessageBytes] = []
      for start in stride(from: 0, to: body.count, by: size) {
        try body[start..<min(start + size, body.count)].withUnsafeBytes {
          try deframer.append($0, to: &found)
        }
      }

      #expect(found.map(\.bytes) == messages)
      #expect(!deframer.isMidMessage)
    }
  }

  @Test func `refuses a large message by its prefix alone`() {
    var deframer = Deframer(limit: 100)
    var found: [MessageBytes] = []

    let error = #expect(throws: RPCError.self) {
      try [0, 0, 0, 0, 101].withUnsafeBytes { try deframer.append($0, to: &found) }
    }

    #expect(error?.code == .resourceExhausted)
  }
}

@Suite struct `a stream window` {
  @Test func `credits a message when it is taken, not before`() {
    var window = StreamWindow()

    #expect(window.arrive(1000, delivered: 1000) == 0)
    #expect(window.arrive(500, delivered: 0) == 0)
    #expect(window.take(1000) == 1500)
  }

  @Test func `credits a message that is arriving while nothing waits`() {
    var window = StreamWindow()

    #expect(window.arrive(1000, delivered: 0) == 1000)
    #expect(window.arrive(500, delivered: 1500) == 0)
    #expect(window.take(1500) == 500)
  }
}

@Suite struct `a backoff` {
  @Test func `grows by 1.6 to its limit, with a fifth of jitter, until it is reset`() {
    var backoff = Backoff(first: .seconds(1), max: .seconds(3))

    for expected in [1.0, 1.6, 2.56, 3, 3] {
      let pause = backoff.next() / .seconds(1)
      #expect(pause >= expected * 0.79 && pause <= expected * 1.21)
    }
    backoff.reset()
    #expect(backoff.next() <= .seconds(1.2))
  }
}
