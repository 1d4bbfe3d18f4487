internal import Logging
internal import Synchronization
internal import Testing

@testable internal import GRPC

@Suite struct `the journal in a log` {
  private let lines = Lines()

  private var journal: LoggedJournal {
    LoggedJournal(Logger(label: "test") { [lines] _ in LinesHandler(lines: lines) })
  }

  @Test func `handshakes that fail do not flood the log`() {
    let journal = journal

    for _ in 0..<5000 { journal.failedHandshake(SecurityFailure("no TLS"), peer: "127.0.0.1:1") }

    // A slow machine may need a few seconds for it.
    #expect(lines.texts.count < 1000)
    #expect(lines.texts.first == "handshake failed 127.0.0.1:1 no TLS")
  }

  @Test func `a limit that struck is not told of twice`() {
    var failure = SecurityFailure("too late")
    failure.isTimeout = true

    journal.failedHandshake(failure, peer: "127.0.0.1:1")

    #expect(lines.texts.isEmpty)
  }

  @Test func `what a stranger says stays on its line`() {
    let name = "a\nb\u{1B}[31m\u{9B}2J\u{202E}c\u{2028}d"

    journal.failedHandshake(SecurityFailure(name), peer: "127.0.0.1:1")

    #expect(lines.texts == ["handshake failed 127.0.0.1:1 a?b?[31m?2J?c?d"])
    #expect(String(repeating: "é", count: 300).printable(200).count == 200)
  }
}

private final class Lines: Sendable {
  private let state = Mutex<[String]>([])

  var texts: [String] { state.withLock { $0 } }

  func add(_ text: String) { state.withLock { $0.append(text) } }
}

private struct LinesHandler: LogHandler {
  let lines: Lines
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.trace

  subscript(metadataKey key: String) -> Logger.MetadataValue? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let values = ["client.address", "failure.cause"].compactMap {
      event.metadata?[$0].map { "\($0)" }
    }
    lines.add((["\(event.message)"] + values).joined(separator: " "))
  }
}
