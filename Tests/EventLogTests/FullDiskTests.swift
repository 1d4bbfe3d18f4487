internal import EventLog
internal import Foundation
internal import Synchronization
internal import Testing

@Suite struct `log on a full disk` {
  /// A disk that tests fill and empty.
  private final class Disk: Sendable {
    private let isFullNow = Atomic(false)
    private let seen = Mutex<[String: Int]>([:])
    private let failing: Set<Int>
    private let error: Int32

    /// - Parameter failing: the syncs of records that fail, numbered from 0.
    init(failingSyncs failing: Set<Int> = [], error: Int32 = ENOSPC) {
      self.failing = failing
      self.error = error
    }

    var isFull: Bool {
      get { isFullNow.load(ordering: .acquiring) }
      set { isFullNow.store(newValue, ordering: .releasing) }
    }

    var operations: FileOperations {
      var operations = FileOperations()
      operations.freeBytes = { _ in self.isFull ? 0 : 1 << 40 }
      operations.fault = { operation, path in
        if operation == .fill && self.isFull { return .error(self.error) }
        guard operation == .syncRecords else { return nil }
        let before = self.seen.withLock { seen in
          defer { seen["", default: 0] += 1 }
          return seen["", default: 0]
        }
        return self.failing.contains(before) ? .error(EIO) : nil
      }
      return operations
    }
  }

  /// Waits for the log to come back; it looks at most every 5 s.
  private func isTaking(_ log: EventLog) -> Bool {
    let bound = Clocks.monotonic() + 20_000_000_000
    while log.status().error != nil {
      if Clocks.monotonic() > bound { return false }
      usleep(1_000)
    }
    return true
  }

  @Test(arguments: [ENOSPC, EDQUOT])
  func `without room for a segment batches are refused, and taken again when there is some`(
    error: Int32
  ) throws {
    let directory = try LogDirectory()
    let disk = Disk(error: error)
    let log = try directory.open(options: LogDirectory.options(disk.operations))
    var stored: [UInt64: [UInt8]] = [:]
    var refusals: [EventLogError] = []
    disk.isFull = true
    for number in 0..<100 {
      switch log.addAndWait(payload(number, count: 3_000)) {
      case .success(let position): stored[position] = payload(number, count: 3_000)
      case .failure(let error): refusals.append(error)
      }
    }

    #expect(!stored.isEmpty && !refusals.isEmpty)
    #expect(refusals.allSatisfy { $0.code == .full && $0.message.contains("make room") })
    #expect(log.status().isFull)
    #expect(log.hasRoom)
    #expect(try log.payloads() == stored)

    disk.isFull = false

    #expect(isTaking(log))
    #expect(!log.status().isFull)
    let next = try log.addAndWait(payload(7)).get()
    #expect(next == UInt64(stored.count + 1))
    stored[next] = payload(7)
    #expect(try log.payloads() == stored)
    log.close()
    let again = try directory.open()
    defer { directory.close(again) }
    #expect(try again.payloads() == stored)
  }

  @Test func `a sync that fails on a full disk costs its batch and comes back with room`() throws {
    let directory = try LogDirectory()
    let disk = Disk(failingSyncs: [3])
    let log = try directory.open(options: LogDirectory.options(disk.operations))
    // The spare that is there already is used up by a failure before.
    let bound = Clocks.monotonic() + 10_000_000_000
    while !FileManager.default.fileExists(atPath: directory.path + "/spare"),
      Clocks.monotonic() < bound
    { usleep(500) }
    disk.isFull = true
    try FileManager.default.removeItem(atPath: directory.path + "/spare")
    var stored: [UInt64: [UInt8]] = [:]
    for number in 0..<3 { stored[try log.addAndWait(payload(number)).get()] = payload(number) }

    #expect(throws: EventLogError.self) { try log.addAndWait(payload(3)).get() }
    let refused = #expect(throws: EventLogError.self) { try log.addAndWait(payload(4)).get() }

    #expect(refused?.code == .full)
    #expect(try log.payloads() == stored)
    disk.isFull = false
    #expect(isTaking(log))
    stored[try log.addAndWait(payload(5)).get()] = payload(5)
    log.abandon()
    let again = try directory.open()
    defer { directory.close(again) }
    #expect(try again.payloads() == stored)
  }

  @Test func `a log is opened on a full disk, read, and written once there is room`() throws {
    let directory = try LogDirectory()
    do {
      let log = try directory.open()
      for number in 0..<3 { _ = try log.addAndWait(payload(number)).get() }
      log.close()
    }
    for name in try FileManager.default.contentsOfDirectory(atPath: directory.path)
    where name.hasPrefix("spare") {
      try FileManager.default.removeItem(atPath: directory.path + "/" + name)
    }
    let disk = Disk()
    disk.isFull = true
    let log = try directory.open(options: LogDirectory.options(disk.operations))

    #expect(try log.payloads().count == 3)
    #expect(log.status().isFull)
    let refused = #expect(throws: EventLogError.self) { try log.addAndWait(payload(3)).get() }
    #expect(refused?.code == .full)

    disk.isFull = false
    #expect(isTaking(log))
    #expect(try log.addAndWait(payload(3)).get() == 4)
    log.close()
    let again = try directory.open()
    defer { directory.close(again) }
    #expect(try again.payloads().count == 4)
    #expect(again.recovery.isCleanStop)
  }

  @Test func `a spare that was not finished takes no room`() throws {
    let directory = try LogDirectory()
    let faults = Faults { operation, before in
      // The first segment and its sync pass.
      operation == .fill && before >= 2 ? .torn(bytes: 100, error: ENOSPC) : nil
    }
    let log = try directory.open(options: LogDirectory.options(faults.operations))
    let bound = Clocks.monotonic() + 10_000_000_000
    while log.status().upkeepError == nil && Clocks.monotonic() < bound { usleep(500) }

    #expect(log.status().upkeepError?.contains("make room") == true)
    #expect(log.status().error == nil)
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
    #expect(!names.contains { $0.hasPrefix("spare") })
    #expect(try log.addAndWait(payload(1)).get() == 1)
    log.close()
  }

  @Test func `after a failed sync of the directory no segment comes or goes`() throws {
    let directory = try LogDirectory()
    let faults = Faults { operation, before in
      operation == .syncDirectory && before == 1 ? .error(EIO) : nil
    }
    let log = try directory.open(options: LogDirectory.options(faults.operations))
    var failures: [EventLogError.Code] = []
    for number in 0..<60 {
      if case .failure(let error) = log.addAndWait(payload(number, count: 3_000)) {
        failures.append(error.code)
      }
    }

    #expect(failures.count > 20)
    #expect(failures.allSatisfy { $0 == .readOnly })
    #expect(faults.count(.syncDirectory) == 2)
    log.close()
  }
}

@Suite struct `log after a failed sync and a restart` {
  @Test func `what is not known to be synced is written again before it is synced`() throws {
    let directory = try LogDirectory()
    do {
      let faults = Faults { operation, before in
        (operation == .syncRecords && before == 2)
          || (operation == .syncHeader && before == 1) ? .error(EIO) : nil
      }
      let log = try directory.open(options: LogDirectory.options(faults.operations))
      for number in 0..<3 { _ = log.addAndWait(payload(number)) }
      let bound = Clocks.monotonic() + 10_000_000_000
      while log.status().error == nil && Clocks.monotonic() < bound { usleep(500) }
      #expect(log.status().error != nil)
      log.abandon()
    }
    let faults = Faults()

    let log = try directory.open(options: LogDirectory.options(faults.operations))

    #expect(try log.payloads() == [1: payload(0), 2: payload(1), 3: payload(2)])
    #expect(faults.count(.rewriteRecovered) == 1)
    #expect(faults.count(.syncRecovered) == 1)
    directory.close(log)
  }

  @Test func `a log that cannot be made durable is not opened`() throws {
    let directory = try LogDirectory()
    do {
      let log = try directory.open()
      _ = try log.addAndWait(payload(1)).get()
      log.abandon()
    }
    let faults = Faults { operation, _ in operation == .rewriteRecovered ? .error(EIO) : nil }

    let error = #expect(throws: EventLogError.self) {
      try directory.open(options: LogDirectory.options(faults.operations))
    }

    #expect(error?.code == .io)
    let log = try directory.open()
    #expect(try log.payloads() == [1: payload(1)])
    directory.close(log)
  }
}
