internal import Logging
internal import Synchronization
internal import Testing

@testable internal import TallyService
@testable internal import TallyStore

@Suite struct `health follows the store` {
  /// Keeps the lines of a log.
  private struct Lines: LogHandler {
    let kept: Kept
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let name = event.metadata?["alarm.name"].map { " \($0)" } ?? ""
      kept.lines.withLock { $0.append("\(event.level): \(event.message)\(name)") }
    }
  }

  private final class Kept: Sendable {
    let lines = Mutex<[String]>([])

    /// What was logged since the last call.
    func take() -> [String] {
      lines.withLock { lines in
        defer { lines = [] }
        return lines
      }
    }
  }

  @Test func `each change is told once, and room brings the service back`() {
    let kept = Kept()
    let health = Health(services: ["ingest", "reports"])
    let follower = StoreHealth(
      health, service: "ingest", logger: Logger(label: "test") { _ in Lines(kept: kept) })
    var status = StoreStatus()
    status.disk = DiskStatus(freeBytes: 100, reserveBytes: 10, isShort: false)

    follower.look(at: status)
    #expect(kept.take() == [])

    status.disk.freeBytes = 15
    follower.look(at: status)
    follower.look(at: status)
    #expect(kept.take() == ["warning: alarm disk-low"])
    #expect(health.isServing("ingest") == true)

    status.disk.freeBytes = 5
    status.disk.isShort = true
    follower.look(at: status)
    follower.look(at: status)
    #expect(
      kept.take() == [
        "warning: alarm disk-full", "notice: alarm is over disk-low",
        "error: events are refused for now: reports go on",
      ])
    #expect(health.isServing("ingest") == false)
    #expect(health.isServing("reports") == true)

    status.disk = DiskStatus(freeBytes: 100, reserveBytes: 10, isShort: false)
    follower.look(at: status)
    #expect(kept.take() == ["notice: alarm is over disk-full", "notice: events are taken again"])
    #expect(health.isServing("ingest") == true)
  }

  @Test func `a commit that failed is for a restart, a map that is full is not`() {
    var status = StoreStatus()
    status.foldError = FoldStop(position: 3, code: .mapFull, message: "full")
    guard case .paused = status.intake else {
      Issue.record("\(status.intake)")
      return
    }
    #expect(status.foldError?.error.code == .mapFull)
    status.foldError = FoldStop(position: 3, code: .commitFailed(5), message: "failed")
    guard case .stopped(let cause) = status.intake else {
      Issue.record("\(status.intake)")
      return
    }
    #expect(cause.contains("3") && cause.contains("failed"))
    #expect(status.foldError?.error.code == .unavailable)
    #expect(status.alarms.map(\.name) == [.foldStopped])
  }

  @Test func `a server that stops is not brought back`() {
    let health = Health(services: ["ingest"])
    let follower = StoreHealth(
      health, service: "ingest", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    var status = StoreStatus()
    status.disk = DiskStatus(freeBytes: 5, reserveBytes: 10, isShort: true)
    follower.look(at: status)

    health.stopServing()
    status.disk.isShort = false
    follower.look(at: status)

    #expect(health.isServing("ingest") == false)
  }
}
