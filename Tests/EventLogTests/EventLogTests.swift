internal import EventLog
internal import Foundation
internal import Synchronization
internal import Testing

@Suite struct `event log` {
  @Test func `positions are dense from 1, and records come back as they went in`() throws {
    let directory = try LogDirectory()
    let log = try directory.open()
    defer { directory.close(log) }

    for number in 1...50 {
      #expect(try log.addAndWait(payload(number, count: number * 3)).get() == UInt64(number))
    }

    #expect(log.durable == 50)
    let found = try log.payloads()
    #expect(found.count == 50)
    for number in 1...50 { #expect(found[UInt64(number)] == payload(number, count: number * 3)) }
    #expect(try log.payloads(after: 48).keys.sorted() == [49, 50])
  }

  @Test func `a record shows its tenant, count, kind and time`() throws {
    let directory = try LogDirectory()
    let log = try directory.open()
    defer { directory.close(log) }
    let done = Monitor(false)
    log.append(
      LogEntry(
        kind: .tenant, tenant: Array("école".utf8), payload: payload(1, count: 32), eventCount: 0,
        acceptedAt: -5, completion: { _ in done.change { $0 = true } }))
    _ = done.wait { $0 ? true : nil }

    let shown = try log.reader(after: 0).next { record in
      (
        record.kind, String(decoding: record.tenant, as: UTF8.self), record.acceptedAt,
        record.eventCount
      )
    }

    #expect(shown?.0 == .tenant)
    #expect(shown?.1 == "école")
    #expect(shown?.2 == -5)
    #expect(shown?.3 == 0)
  }

  @Test func `a record that is not taken is shown again`() throws {
    let directory = try LogDirectory()
    let log = try directory.open()
    defer { directory.close(log) }
    _ = log.addAndWait([1])
    _ = log.addAndWait([2])
    let reader = log.reader(after: 0)

    let refused: UInt64? = try reader.next { _ in nil }

    #expect(refused == nil)
    #expect(reader.position == 0)
    #expect(try reader.next { $0.position } == 1)
    #expect(try reader.next { $0.position } == 2)
  }

  @Test func `every start opens a new segment, and an empty one is replaced`() throws {
    let directory = try LogDirectory()
    for round in 0..<3 {
      let log = try directory.open()
      #expect(try log.addAndWait(payload(round)).get() == UInt64(round + 1))
      log.close()
    }
    #expect(try directory.segments.count == 3)

    for _ in 0..<3 { try directory.open().close() }

    #expect(try directory.segments.count == 4)
    let log = try directory.open()
    defer { directory.close(log) }
    #expect(log.recovery.position == 3)
    #expect(log.recovery.isCleanStop)
    #expect(log.recovery.unapplied.records == 3)
    #expect(try log.payloads()[2] == payload(1))
  }

  @Test func `a full segment is followed by the next, and a reader crosses over`() throws {
    let directory = try LogDirectory()
    let log = try directory.open()
    let reader = log.reader(after: 0)
    for number in 1...100 {
      #expect(try log.addAndWait(payload(number, count: 5_000)).get() == UInt64(number))
      #expect(try reader.next { $0.position } == UInt64(number))
      #expect(try reader.next { $0.position } == nil)
    }
    log.close()
    #expect(try directory.segments.count >= 8)

    let again = try directory.open(applied: 40)
    defer { directory.close(again) }
    #expect(again.recovery.unapplied.records == 60)
    #expect(try again.payloads(after: 40).count == 60)
    #expect(try again.payloads(after: 40)[99] == payload(99, count: 5_000))
  }

  @Test func `a record larger than a segment is stored, one above 8 MiB is refused`() throws {
    let directory = try LogDirectory()
    let log = try directory.open()
    let large = payload(3, count: 300_000)
    #expect(try log.addAndWait(payload(1)).get() == 1)
    #expect(try log.addAndWait(large).get() == 2)
    #expect(try log.addAndWait(payload(2)).get() == 3)
    #expect(throws: EventLogError.self) {
      try log.addAndWait([UInt8](repeating: 1, count: 8 << 20 | 1)).get()
    }
    log.close()

    let again = try directory.open()
    defer { directory.close(again) }
    #expect(try again.payloads() == [1: payload(1), 2: large, 3: payload(2)])
  }

  @Test func `all that waits goes to disk with one sync, in the order it came`() throws {
    let directory = try LogDirectory()
    let faults = Faults()
    let log = try directory.open(options: LogDirectory.options(faults.operations))
    defer { directory.close(log) }
    let answers = Monitor<[UInt64]>([])
    faults.hold()
    for number in 0..<201 {
      log.add(payload(number)) { result in
        if case .success(let position) = result { answers.change { $0.append(position) } }
      }
      if number == 0 { while faults.count(.syncRecords) == 0 { usleep(100) } }
    }
    #expect(log.durable == 0)
    #expect(try log.payloads().isEmpty)

    faults.release()
    let positions = answers.wait { $0.count == 201 ? $0 : nil }

    #expect(positions == Array(1...201))
    #expect(faults.count(.syncRecords) == 2)
    #expect(try log.payloads()[201] == payload(200))
  }

  @Test func `a group ends at 256 batches`() throws {
    let directory = try LogDirectory()
    let faults = Faults()
    let log = try directory.open(options: LogDirectory.options(faults.operations))
    defer { directory.close(log) }
    let count = Monitor(0)
    faults.hold()
    log.add([1]) { _ in count.change { $0 += 1 } }
    while faults.count(.syncRecords) == 0 { usleep(100) }
    for _ in 0..<600 { log.add([2]) { _ in count.change { $0 += 1 } } }

    faults.release()
    _ = count.wait { $0 == 601 ? true : nil }

    #expect(faults.count(.syncRecords) == 4)
  }

  @Test func `a full queue says so and tells when there is room`() throws {
    let directory = try LogDirectory()
    let faults = Faults()
    var options = LogDirectory.options(faults.operations)
    options.queueBytesMax = 100_000
    let log = try directory.open(options: options)
    defer { directory.close(log) }
    let isTold = Monitor(false)
    faults.hold()
    var count = 0
    while log.hasRoom {
      log.add(payload(1, count: 1_000))
      count += 1
    }
    log.whenRoom { isTold.change { $0 = true } }
    #expect(count >= 95 && count < 300)
    #expect(!isTold.withLock { $0 })
    #expect(log.status().queuedBytes >= 100_000)

    faults.release()

    #expect(isTold.wait { $0 ? true : nil } == true)
    #expect(log.addAndWait([1]) == .success(UInt64(count + 1)))
    #expect(log.hasRoom)
    isTold.change { $0 = false }
    log.whenRoom { isTold.change { $0 = true } }
    #expect(isTold.withLock { $0 })
  }

  @Test func `a position is told before a reader can see the record`() throws {
    let directory = try LogDirectory()
    let log = try directory.open()
    defer { directory.close(log) }
    let durableThen = Monitor<UInt64?>(nil)
    let done = Monitor(false)

    log.append(
      LogEntry(
        kind: .batch, tenant: [], payload: [1], eventCount: 1, acceptedAt: 0,
        beforeDurable: { _ in durableThen.change { $0 = log.durable } },
        completion: { _ in done.change { $0 = true } }))
    _ = done.wait { $0 ? true : nil }

    #expect(durableThen.withLock { $0 } == 0)
    #expect(log.durable == 1)
  }

  @Test func `a closed log takes nothing`() throws {
    let directory = try LogDirectory()
    let log = try directory.open()
    log.close()

    guard case .failure(let error) = log.addAndWait([1]) else {
      Issue.record("taken")
      return
    }
    #expect(error.code == .closed)
  }

  @Test func `a wait ends with a record, a deadline or an interruption`() throws {
    let directory = try LogDirectory()
    let log = try directory.open()
    defer { directory.close(log) }
    #expect(!log.waitForRecords(after: 0, until: Clocks.monotonic() + 1_000_000))

    log.add([1])

    #expect(log.waitForRecords(after: 0, until: nil))
    log.interruptWaits()
    #expect(!log.waitForRecords(after: 1, until: nil))
  }

  @Test func `a nudge ends one wait`() throws {
    let directory = try LogDirectory()
    let log = try directory.open()
    defer { directory.close(log) }

    log.nudge()

    #expect(!log.waitForRecords(after: 0, until: nil))
    #expect(!log.waitForRecords(after: 0, until: Clocks.monotonic() + 1_000_000))
  }

  @Test func `old segments go once applied, by size and never before`() throws {
    let directory = try LogDirectory()
    var options = LogDirectory.options()
    options.keepBytesMax = 200 << 10
    let log = try directory.open(options: options)
    for number in 1...100 { _ = log.addAndWait(payload(number, count: 5_000)) }
    #expect(log.status().oldest == 1)
    #expect(try log.payloads().count == 100)

    log.setApplied(100)
    for number in 1...30 { _ = log.addAndWait(payload(number, count: 5_000)) }
    let bound = Clocks.monotonic() + 5_000_000_000
    while log.status().segments > 4 && Clocks.monotonic() < bound { usleep(1_000) }

    #expect(log.status().segments <= 4)
    #expect(log.status().oldest > 80)
    #expect(log.status().oldest <= 101)
    #expect(try log.payloads(after: 100).count == 30)
    log.close()
    let again = try directory.open(applied: 100)
    defer { directory.close(again) }
    #expect(try again.payloads(after: 100).count == 30)
  }

  @Test func `what is held stays, whatever the size, until it is given up`() throws {
    let directory = try LogDirectory()
    var options = LogDirectory.options()
    options.keepBytesMax = 200 << 10
    let log = try directory.open(options: options)
    defer { directory.close(log) }
    for number in 1...50 { _ = log.addAndWait(payload(number, count: 5_000)) }
    log.setApplied(20)
    let hold = log.hold(after: 20)
    log.setApplied(50)
    for number in 51...130 { _ = log.addAndWait(payload(number, count: 5_000)) }
    log.setApplied(130)

    #expect(try log.payloads(after: 20).count == 110)
    hold.release()
    let bound = Clocks.monotonic() + 5_000_000_000
    while log.status().oldest <= 21 && Clocks.monotonic() < bound {
      _ = log.addAndWait(payload(1, count: 5_000))
    }

    #expect(log.status().oldest > 21)
  }

  @Test func `the log is kept back to the newest backup, unless its size forbids`() throws {
    let directory = try LogDirectory()
    var options = LogDirectory.options()
    options.keepSeconds = -1
    let log = try directory.open(options: options)
    log.setBackup(30)
    log.setApplied(1_000)
    for number in 1...100 { _ = log.addAndWait(payload(number, count: 5_000)) }
    #expect(waitFor { log.status().oldest > 1 })
    #expect(log.status().oldest <= 31)
    #expect(log.status().backup == 30)
    #expect(log.status().reachesBackup)
    log.close()

    options.backup = 30
    let again = try directory.open(applied: 100, options: options)
    #expect(again.status().oldest <= 31)
    again.close()
    options.keepBytesMax = 200 << 10
    let small = try directory.open(applied: 100, options: options)
    defer { directory.close(small) }

    #expect(waitFor { small.status().oldest > 31 })
    #expect(!small.status().reachesBackup)
  }

  private func waitFor(_ isTrue: () -> Bool) -> Bool {
    let bound = Clocks.monotonic() + 5_000_000_000
    while !isTrue() {
      if Clocks.monotonic() > bound { return false }
      usleep(1_000)
    }
    return true
  }
}
