internal import GRPC
internal import Glibc
internal import NIOCore

/// One report on its reader loop: waits for its place, then fills a chunk a turn.
///
/// ```
///  waiting ─ place ─► reading ─ ring full ─► parked ─ room ─► reading ─ last row ─► done
///                        └─ parked too long, or old ─► spooling ─ last row ─► done
/// ```
/// A failure or the end of the call leads from everywhere to done; there the transaction ends.
actor ReportJob: PlaceTaker {
  private enum Stage {
    case waiting
    case reading
    case done
  }

  private let opening: ReportOpening
  private let caller: String
  private let readers: Readers
  private let loop: any EventLoop
  private let lane: ReaderLane

  private var stage = Stage.waiting
  private var body: ReportBody?
  private var producer: (any ChunkProducer)?
  private var openedAt: ContinuousClock.Instant?
  private var hasPlace = false
  private var isLarge = false
  private var isFirst = true
  private var hasTurnQueued = false
  private var spoolFile: SpoolFile?
  private var spoolChunk: Chunk?
  /// A chunk for which the spool had no room yet, and whether more comes behind it.
  private var heldChunk: (chunk: Chunk, goesOn: Bool)?
  /// While there is no room: how much of the file was sent, and since when no more than that.
  private var spoolWait: (sent: Int, since: ContinuousClock.Instant)?
  private var parkCheck: Scheduled<Void>?

  nonisolated var unownedExecutor: UnownedSerialExecutor {
    loop.executor.asUnownedSerialExecutor()
  }

  init(opening: ReportOpening, caller: String, readers: Readers) {
    self.opening = opening
    self.caller = caller
    self.readers = readers
    (loop, lane) = readers.nextLoop()
  }

  // MARK: From any thread

  nonisolated func start(body: ReportBody) {
    onLoop { job in
      job.body = body
      job.awaitRevision()
    }
  }

  /// There is room in the ring again.
  nonisolated func resume() {
    onLoop { job in
      job.parkCheck?.cancel()
      job.parkCheck = nil
      job.queueTurn()
    }
  }

  /// Nobody wants the rest.
  nonisolated func stop() {
    onLoop { $0.finish() }
  }

  /// A place is free, and is this report's now.
  nonisolated func takePlace(asLarge: Bool) {
    onLoop { job in
      job.hasPlace = true
      job.isLarge = asLarge
      guard case .waiting = job.stage else { return job.leavePlace() }
      job.open()
    }
  }

  private nonisolated func onLoop(_ body: @escaping @Sendable (isolated ReportJob) -> Void) {
    loop.execute {
      self.assumeIsolated { body($0) }
    }
  }

  // MARK: Waiting

  private func awaitRevision() {
    guard case .waiting = stage else { return }
    guard let ready = opening.ready else { return askForPlace(asLarge: false) }
    ready { [weak self] error in
      self?.onLoop { job in
        if let error {
          job.fail(error)
        } else {
          job.askForPlace(asLarge: false)
        }
      }
    }
  }

  private func askForPlace(asLarge: Bool) {
    guard case .waiting = stage else { return }
    switch readers.enter(self, asLarge: asLarge) {
    case .go:
      hasPlace = true
      isLarge = asLarge
      open()
    case .wait:
      readers.strike(asLarge ? .largeTransactions : .openTransactions)
    case .refuse:
      readers.strike(.waitingReports)
      fail(
        RPCError(
          .resourceExhausted, .tooManyReports,
          "too many reports wait for their turn: call again later"))
    }
  }

  private func open() {
    let rowBound: UInt64
    do throws(RPCError) {
      let producer = try opening.open(lane)
      rowBound = producer.rowBound
      self.producer = producer
    } catch {
      return fail(error)
    }
    if !isLarge && rowBound > UInt64(readers.options.largeReportRows) {
      guard readers.becomeLarge() else {
        producer = nil
        leavePlace()
        return askForPlace(asLarge: true)
      }
      isLarge = true
    }
    openedAt = .now
    stage = .reading
    if producer?.holdsSnapshot == false { leavePlace() }
    turn()
  }

  // MARK: Reading

  private func turn() {
    guard case .reading = stage, let body, let producer else { return }
    let options = readers.options
    let limit = isFirst ? options.firstChunkBytes : options.chunkBytes
    var goesOn = false
    switch body.room(capacity: isFirst ? limit * 2 : limit + options.messageBytes / 2) {
    case .fill(var chunk):
      isFirst = false
      do throws(RPCError) {
        goesOn = try producer.fill(&chunk, limit: limit)
      } catch {
        return fail(error)
      }
      if !goesOn { chunk.shrink() }
      body.put(chunk)
    case .spool:
      guard let more = spoolTurn(body, producer) else { return }
      goesOn = more
    case .park:
      return park()
    case .stop:
      return finish()
    }
    guard goesOn else {
      body.complete()
      return finish()
    }
    guard leaveRingIfOld(body) else { return }
    queueTurn()
  }

  /// At most one turn is queued: news from the ring and from the park limit may come together.
  private func queueTurn() {
    guard !hasTurnQueued else { return }
    hasTurnQueued = true
    onLoop { job in
      job.hasTurnQueued = false
      job.turn()
    }
  }

  /// Fills one chunk and writes it to the spool file; nil if that failed and the report is over, or
  /// waits for room.
  private func spoolTurn(_ body: ReportBody, _ producer: any ChunkProducer) -> Bool? {
    guard let spoolFile else { preconditionFailure("a report spools to its file") }
    guard let (chunk, goesOn) = heldChunk.take() ?? nextSpoolChunk(producer) else { return nil }
    do throws(SpoolFile.WriteError) {
      try chunk.withRemaining { bytes -> Result<Void, SpoolFile.WriteError> in
        Result { () throws(SpoolFile.WriteError) in try spoolFile.write(bytes) }
      }.get()
    } catch {
      if case .quota = error, waitsForSpool(body) {
        heldChunk = (chunk, goesOn)
      } else {
        giveUp(spoolError(error))
      }
      return nil
    }
    spoolWait = nil
    body.spooled(chunk.count)
    spoolChunk = chunk
    return goesOn
  }

  /// Nil if the producer failed and the report is over.
  private func nextSpoolChunk(
    _ producer: any ChunkProducer
  ) -> (chunk: Chunk, goesOn: Bool)? {
    let options = readers.options
    var chunk = spoolChunk.take() ?? Chunk(capacity: options.chunkBytes + options.messageBytes / 2)
    chunk.clear()
    do throws(RPCError) {
      let goesOn = try producer.fill(&chunk, limit: options.chunkBytes)
      return (chunk, goesOn)
    } catch {
      fail(error)
      return nil
    }
  }

  /// Lets a report try again when the quota is used up and its client keeps up: once that has
  /// fetched the whole file it is written anew from its begin, in the room that it has.
  private func waitsForSpool(_ body: ReportBody) -> Bool {
    let now = ContinuousClock.now
    guard let openedAt else { return false }
    guard now - openedAt < readers.options.keepUpLimit else {
      readers.strike(.keepUpLimit)
      return false
    }
    let sent = body.sentOfSpool
    if !sent.isAll {
      var wait = spoolWait ?? (sent.bytes, now)
      if wait.sent != sent.bytes { wait = (sent.bytes, now) }
      let patience = max(readers.options.parkLimit, readers.options.transactionLimit)
      guard now - wait.since < patience else { return false }
      spoolWait = wait
    } else if sent.bytes > 0 {
      guard body.restartSpool() else { return false }
      queueTurn()
      return true
    }
    loop.scheduleTask(in: Self.spoolRetry) { [weak self] in
      self?.assumeIsolated { $0.queueTurn() }
    }
    return true
  }

  private static let spoolRetry = TimeAmount.milliseconds(2)

  private func park() {
    guard parkCheck == nil, producer?.holdsSnapshot == true else { return }
    let limit = TimeAmount(readers.options.parkLimit)
    parkCheck = loop.scheduleTask(in: limit) { [weak self] in
      self?.assumeIsolated { job in
        job.parkCheck = nil
        guard case .reading = job.stage, let body = job.body else { return }
        job.readers.strike(.parkLimit)
        if job.switchToSpool(body, keepsUp: false) { job.queueTurn() }
      }
    }
  }

  /// Switches to the spool if the transaction is too old; false if the report is over.
  private func leaveRingIfOld(_ body: ReportBody) -> Bool {
    guard spoolFile == nil, producer?.holdsSnapshot == true, let openedAt else { return true }
    let age = ContinuousClock.now - openedAt
    guard age > readers.options.transactionLimit else { return true }
    let goesOn = switchToSpool(body, keepsUp: age < readers.options.keepUpLimit)
    if spoolFile != nil { readers.strike(.transactionLimit) }
    return goesOn
  }

  /// - Parameter keepsUp: the client takes what comes, so the report may do without the spool.
  /// - Returns: false if the report is over.
  private func switchToSpool(_ body: ReportBody, keepsUp: Bool) -> Bool {
    guard spoolFile == nil else { return true }
    let reserve = keepsUp ? readers.options.keepUpBytes : 0
    if keepsUp && !readers.spool.hasDisk() { return true }
    do throws(SpoolFile.WriteError) {
      let file: SpoolFile
      do throws(SpoolFile.WriteError) {
        file = try readers.spool.makeFile(for: caller, reserving: reserve)
      } catch {
        if keepsUp { return true }
        throw error
      }
      try body.switchToSpool(file)
      spoolFile = file
      return true
    } catch {
      giveUp(spoolError(error))
      return false
    }
  }

  private func spoolError(_ error: SpoolFile.WriteError) -> RPCError {
    switch error {
    case .quota(let limit):
      readers.strike(limit)
      return RPCError(
        .resourceExhausted, .spoolFull,
        "slow readers use up the spool: read faster, ask for less, or call again later")
    case .disk(ENOSPC), .disk(EDQUOT):
      return RPCError(
        .resourceExhausted, .diskFull,
        "the server's disk is full: read faster, ask for less, or call again later")
    case .disk(let code):
      return RPCError(
        .unavailable, .spoolFailed,
        "the server cannot write its spool (errno \(code)): call again later")
    }
  }

  // MARK: The end

  private func fail(_ error: RPCError) {
    body?.fail(error)
    finish()
  }

  private func giveUp(_ error: RPCError) {
    body?.give(up: error)
    finish()
  }

  private func finish() {
    parkCheck?.cancel()
    parkCheck = nil
    if case .waiting = stage { readers.forget(self) }
    stage = .done
    producer = nil
    spoolFile = nil
    spoolChunk = nil
    heldChunk = nil
    body = nil
    leavePlace()
  }

  private func leavePlace() {
    guard hasPlace else { return }
    hasPlace = false
    readers.leave(asLarge: isLarge)
    isLarge = false
  }
}
