internal import EventLog

/// What a person should look at, before it becomes worse.
package struct StoreAlarm: Sendable, Equatable {
  /// As Status and the server's log have it; released names never change.
  package enum Name: String, Sendable, CaseIterable {
    /// Less than twice the reserve is free on the disk.
    case diskLow = "disk-low"
    /// Less than the reserve is free: no events are taken.
    case diskFull = "disk-full"
    /// More than 80 % of the map hold something.
    case mapNearlyFull = "map-nearly-full"
    /// The log is larger than its limit, and nothing of it can be dropped.
    case logTooLarge = "log-too-large"
    /// The next segment could not be made, or an old one not be dropped.
    case logUpkeep = "log-upkeep"
    /// The log was too large to keep all that came after the newest backup.
    case backupOutOfReach = "backup-out-of-reach"
    /// The newest compaction failed.
    case compactionFailed = "compaction-failed"
    /// The log takes nothing.
    case logStopped = "log-stopped"
    /// Nothing is applied.
    case foldStopped = "fold-stopped"
  }

  package let name: Name
  /// What it is, with the numbers, and what to do.
  package let message: String
}

extension StoreStatus {
  /// Whether events are taken.
  package enum Intake: Sendable, Equatable {
    case open
    /// Not now; it is tried again. The reason is for a person.
    case paused(String)
    /// Not before a restart, or before somebody acts.
    case stopped(String)
  }

  package var intake: Intake {
    if let stop = foldError {
      let cause = stop.error.message
      return stop.code.isPassing ? .paused(cause) : .stopped(cause)
    }
    if let cause = log.error { return log.isFull ? .paused(cause) : .stopped(cause) }
    return disk.isShort ? .paused(disk.refusal.message) : .open
  }

  /// All that is the matter, in the order of `StoreAlarm.Name`.
  package var alarms: [StoreAlarm] {
    StoreAlarm.Name.allCases.compactMap { name in
      message(of: name).map { StoreAlarm(name: name, message: $0) }
    }
  }

  private func message(of name: StoreAlarm.Name) -> String? {
    switch name {
    case .diskLow:
      guard disk.isLow, !disk.isShort else { return nil }
      return "\(disk.freeBytes ?? 0) bytes are free on the disk of the data directory; below"
        + " \(disk.reserveBytes) no events are taken: make room"
    case .diskFull: return disk.isShort ? disk.refusal.message : nil
    case .mapNearlyFull: return mapNearlyFull
    case .logTooLarge:
      guard log.limitBytes > 0, log.sizeBytes > log.limitBytes + 2 * log.segmentBytes else {
        return nil
      }
      return "the log has \(log.sizeBytes) bytes and its limit is \(log.limitBytes): what is not"
        + " in the reports yet (\(lag.bytes) bytes) is never dropped; see why the fold lags"
    case .logUpkeep: return log.upkeepError
    case .backupOutOfReach: return backupOutOfReach
    case .compactionFailed: return compaction.error
    case .logStopped: return log.error
    case .foldStopped: return foldError?.error.message
    }
  }

  private var backupOutOfReach: String? {
    guard let backup = log.backup, !log.reachesBackup else { return nil }
    return "the log begins at position \(log.oldest) and the newest backup ends at \(backup): with"
      + " it alone what came between would be lost; make a backup now, and raise --log-keep-size"
  }

  private var mapNearlyFull: String? {
    guard let database, database.isFilling else { return nil }
    return "the data file uses \(database.usedBytes) bytes of the \(database.mapSizeBytes) that it"
      + " may have: raise --map-size, or give its disk more room"
  }
}
