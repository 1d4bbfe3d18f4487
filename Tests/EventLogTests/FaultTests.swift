internal import EventLog
internal import Foundation
internal import Testing

@Suite struct `failing writes` {
  /// Appends one after the other; gives what was acknowledged and how the others failed.
  private func run(
    _ log: EventLog, count: Int = 20
  ) -> (stored: [UInt64: [UInt8]], failures: [EventLogError.Code]) {
    var stored: [UInt64: [UInt8]] = [:]
    var failures: [EventLogError.Code] = []
    for number in 0..<count {
      switch log.addAndWait(payload(number, count: 3_000)) {
      case .success(let position):
        #expect(stored[position] == nil)
        stored[position] = payload(number, count: 3_000)
      case .failure(let error): failures.append(error.code)
      }
    }
    return (stored, failures)
  }

  @Test(arguments: 0..<20) func `whichever write or sync fails, what was acknowledged is there`(
    nth: Int
  ) throws {
    let kinds: [(FileOperations.Operation, FileOperations.Fault)] = [
      (.writeRecords, .error(EIO)), (.writeRecords, .torn(bytes: 100, error: EIO)),
      (.writeRecords, .torn(bytes: 3_056, error: ENOSPC)), (.syncRecords, .error(EIO)),
    ]
    for (operation, fault) in kinds {
      let directory = try LogDirectory()
      let faults = Faults { $0 == operation && $1 == nth ? fault : nil }
      let log = try directory.open(options: LogDirectory.options(faults.operations))

      let (stored, failures) = run(log)

      #expect(stored.count == 19)
      #expect(failures == [.unavailable])
      #expect(stored.keys.sorted() == Array(1...19))
      #expect(try log.payloads() == stored)
      #expect(log.status().error == nil)
      log.abandon()
      let again = try directory.open()
      #expect(try again.payloads() == stored)
      #expect(again.recovery.position == 19)
      again.close()
    }
  }

  @Test func `a file whose write or sync failed is never written or synced again`() throws {
    for operation in [FileOperations.Operation.writeRecords, .syncRecords] {
      let directory = try LogDirectory()
      let faults = Faults { $0 == operation && $1 == 4 ? .error(EIO) : nil }
      let log = try directory.open(options: LogDirectory.options(faults.operations))
      _ = run(log)
      log.close()

      for kind in [FileOperations.Operation.writeRecords, .syncRecords] {
        let paths = faults.paths(kind)
        let failed = faults.paths(operation)[4]
        #expect(paths.count { $0 == failed } <= 5)
        #expect(paths.last != failed)
      }
    }
  }

  @Test func `several failures in a row, the first write included`() throws {
    let directory = try LogDirectory()
    let faults = Faults { operation, before in
      operation == .syncRecords && [0, 1, 2, 5, 7].contains(before) ? .error(EIO) : nil
    }
    let log = try directory.open(options: LogDirectory.options(faults.operations))

    let (stored, failures) = run(log)

    #expect(failures == Array(repeating: .unavailable, count: 5))
    #expect(stored.keys.sorted() == Array(1...15))
    log.abandon()
    let again = try directory.open()
    defer { directory.close(again) }
    #expect(try again.payloads() == stored)
  }

  @Test(arguments: [
    FileOperations.Operation.writeHeader, .syncHeader, .rename, .syncDirectory,
  ])
  func `without a new segment the log is read-only until a restart`(
    operation: FileOperations.Operation
  ) throws {
    let directory = try LogDirectory()
    let isFailing = Monitor(false)
    let faults = Faults { found, before in
      if found == .syncRecords && before == 3 {
        isFailing.change { $0 = true }
        return .error(EIO)
      }
      return found == operation && isFailing.withLock({ $0 }) ? .error(EIO) : nil
    }
    let log = try directory.open(options: LogDirectory.options(faults.operations))

    let (stored, failures) = run(log, count: 6)

    #expect(stored.keys.sorted() == [1, 2, 3])
    #expect(failures == [.unavailable, .readOnly, .readOnly])
    #expect(log.status().error != nil)
    #expect(log.hasRoom)
    #expect(try log.payloads() == stored)
    log.close()
    isFailing.change { $0 = false }
    let again = try directory.open()
    defer { directory.close(again) }
    for (position, payload) in stored { #expect(try again.payloads()[position] == payload) }
    #expect(again.recovery.position == 3 || again.recovery.position == 4)
  }

  @Test func `a file that failed gets no mark when there is no other`() throws {
    let directory = try LogDirectory()
    let isFailing = Monitor(false)
    let faults = Faults { found, before in
      if found == .syncRecords && before == 0 {
        isFailing.change { $0 = true }
        return .error(EIO)
      }
      return found == .syncHeader && isFailing.withLock({ $0 }) ? .error(EIO) : nil
    }
    var options = LogDirectory.options(faults.operations)
    options.markAfterNanoseconds = 1_000_000
    let log = try directory.open(options: options)

    #expect(throws: EventLogError.self) { try log.addAndWait(payload(1)).get() }
    usleep(50_000)
    log.close()

    #expect(faults.count(.syncRecords) == 1)
  }

  @Test func `a mark that fails costs no batch`() throws {
    let directory = try LogDirectory()
    let faults = Faults { $0 == .syncRecords && $1 == 1 ? .error(EIO) : nil }
    var options = LogDirectory.options(faults.operations)
    options.markAfterNanoseconds = 1_000_000
    let log = try directory.open(options: options)
    #expect(log.addAndWait(payload(1)) == .success(1))
    let bound = Clocks.monotonic() + 5_000_000_000
    while faults.count(.syncHeader) < 2 && Clocks.monotonic() < bound { usleep(500) }

    #expect(log.addAndWait(payload(2)) == .success(2))

    log.close()
    let again = try directory.open()
    defer { directory.close(again) }
    #expect(try again.payloads() == [1: payload(1), 2: payload(2)])
  }

  @Test func `a log that cannot be made is an error that names the file`() throws {
    let directory = try LogDirectory()
    let faults = Faults { operation, _ in operation == .fill ? .error(ENOSPC) : nil }

    let error = #expect(throws: EventLogError.self) {
      try directory.open(options: LogDirectory.options(faults.operations))
    }

    #expect(error?.code == .full)
    #expect(error?.message.contains("spare") == true)
    #expect(error?.message.contains("make room") == true)
  }
}
