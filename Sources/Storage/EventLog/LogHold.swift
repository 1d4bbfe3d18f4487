/// Keeps records of the log from being dropped as long as it is held.
package final class LogHold: Sendable {
  private let number: UInt64
  private let upkeep: LogUpkeep

  init(number: UInt64, upkeep: LogUpkeep) {
    self.number = number
    self.upkeep = upkeep
  }

  deinit { release() }

  /// Gives it up. More than once does no harm.
  package func release() { upkeep.release(number) }
}
