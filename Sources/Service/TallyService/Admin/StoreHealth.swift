internal import Logging
internal import Synchronization
internal import TallyStore

/// Turns what the store says of itself into health and into lines of the server's log: each once
/// when it begins and once when it is over.
///
/// ```
///          paused: tried again             stopped: until a restart
/// SERVING ─────────────────────► NOT_SERVING ◄──────────────────── SERVING
///         ◄─────────────────────
///              it goes well
/// ```
final class StoreHealth: Sendable {
  private struct Told {
    var intake = StoreStatus.Intake.open
    var alarms: [StoreAlarm.Name: String] = [:]
  }

  private let health: Health
  private let service: String
  private let logger: Logger
  private let told = Mutex(Told())

  /// - Parameter service: the one that is not served while no events are taken.
  init(_ health: Health, service: String, logger: Logger) {
    self.health = health
    self.service = service
    self.logger = logger
  }

  func look(at status: TallyStore.StoreStatus) {
    tell(status.alarms)
    tell(status.intake)
  }

  private func tell(_ alarms: [StoreAlarm]) {
    let before = told.withLock { told in
      defer {
        told.alarms = Dictionary(uniqueKeysWithValues: alarms.map { ($0.name, $0.message) })
      }
      return told.alarms
    }
    for alarm in alarms where before[alarm.name] == nil {
      logger.warning(
        "alarm",
        metadata: ["alarm.name": "\(alarm.name.rawValue)", "alarm.cause": "\(alarm.message)"])
    }
    for name in before.keys where !alarms.contains(where: { $0.name == name }) {
      logger.notice("alarm is over", metadata: ["alarm.name": "\(name.rawValue)"])
    }
  }

  private func tell(_ intake: TallyStore.StoreStatus.Intake) {
    let before = told.withLock { told in
      defer { told.intake = intake }
      return told.intake
    }
    // Said in the log before clients can see it.
    switch (before, intake) {
    case (.open, .open), (.paused, .paused), (.stopped, .stopped): break
    case (_, .paused(let cause)):
      logger.error(
        "events are refused for now: reports go on",
        metadata: ["failure.cause": "\(cause)"])
    case (_, .stopped(let cause)):
      logger.error(
        "events are refused until a restart: reports go on",
        metadata: ["failure.cause": "\(cause)"])
    case (_, .open): logger.notice("events are taken again")
    }
    health.set(service, isServing: intake == .open)
  }
}
