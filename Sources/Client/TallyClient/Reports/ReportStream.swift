internal import GRPC
internal import TallyMessages

/// One report on its way: takes parts from the call, decodes rows, checks them, meets the trailer,
/// and goes on with another call if one breaks.
///
/// One consumer. Dropping it before the end cancels the call.
final class ReportStream<Part: ReportPart> {
  typealias Row = Part.Row

  /// Of the snapshot, with the number of rows of all calls.
  private(set) var header: ReportHeader
  private(set) var trailer: ReportTrailer?
  private(set) var breaks: [ReportBreak] = []
  private let calls: ReportCalls
  private let consistency: ReportConsistency
  private var call: ClientCall
  private var waiting: ArraySlice<MessageBytes>
  private var check = ReportCheck(columns: Part.countColumns)
  /// Of the last row that was given out.
  private var lastID: String?
  private var recovery = ReportRecovery()
  private var isOver = false

  init(_ calls: ReportCalls, _ consistency: ReportConsistency) async throws(TallyError) {
    let opened = try await calls.open()
    self.calls = calls
    self.consistency = consistency
    header = opened.header
    call = opened.call
    waiting = opened.messages[...]
  }

  deinit {
    if !isOver { call.cancel() }
  }

  var mixesRevisions: Bool { breaks.contains { $0.outcome == .newerRevision } }

  /// The next part that holds rows; `nil` after a trailer that agrees with all rows.
  func nextPart() async throws(TallyError) -> [Row]? {
    while true {
      switch try await next(mayStartAgain: lastID == nil) {
      case .part(let part):
        let rows = try decode(part)
        if !rows.isEmpty { return rows }
      case .broke: continue
      case nil: return nil
      }
    }
  }

  /// The same with each break; after one the report may start again.
  func nextStep() async throws(TallyError) -> ReportStep<Row>? {
    while true {
      switch try await next(mayStartAgain: true) {
      case .part(let part):
        let rows = try decode(part)
        if !rows.isEmpty { return .rows(rows) }
      case .broke(let event): return .wentOn(event)
      case nil: return nil
      }
    }
  }

  /// Counts the rows of the next part and checks them without making values of them.
  func nextPartCount() async throws(TallyError) -> Int? {
    while true {
      switch try await next(mayStartAgain: lastID == nil) {
      case .part(let part):
        let before = check.rowCount
        try scan(part)
        if check.rowCount > before { return Int(check.rowCount - before) }
      case .broke: continue
      case nil: return nil
      }
    }
  }

  private enum Next {
    case part(MessageBytes)
    case broke(ReportBreak)
  }

  private func next(mayStartAgain: Bool) async throws(TallyError) -> Next? {
    while true {
      if let part = waiting.popFirst() { return .part(part) }
      if isOver { return nil }
      do throws(TallyError) {
        if try await !receive() { return nil }
      } catch {
        // All rows are there and agree with the trailer; only the status is missing.
        if error.mayGoOn, trailer?.complete == true {
          isOver = true
          return nil
        }
        return .broke(try await goOn(after: error, mayStartAgain: mayStartAgain))
      }
    }
  }

  /// - Returns: false after a good end.
  private func receive() async throws(TallyError) -> Bool {
    let messages: [MessageBytes]?
    do throws(RPCError) {
      messages = try await call.take()
    } catch {
      throw TallyError(error, from: calls.channel.endpoint)
    }
    if let messages {
      waiting = messages[...]
      return true
    }
    guard let trailer, trailer.complete else {
      throw TallyError(
        .incompleteReport,
        "the report ended after \(check.totalRows) rows without a complete trailer: ask again")
    }
    isOver = true
    return false
  }
}

// MARK: - Going on after a break

extension ReportStream {
  /// Makes another call, again and again within bounds.
  private func goOn(
    after cause: TallyError, mayStartAgain: Bool
  ) async throws(TallyError) -> ReportBreak {
    call.cancel()
    var failure = cause
    while failure.mayGoOn, !header.handle.isEmpty, !Task.isCancelled,
      let pause = recovery.nextPause(rows: check.totalRows, asked: failure.details.retryDelay),
      await calls.pause(pause)
    {
      do throws(TallyError) {
        let outcome = try await goOn(mayStartAgain: mayStartAgain, rows: check.totalRows)
        let event = ReportBreak(
          cause: cause, outcome: outcome.0, rowsBefore: outcome.rows)
        breaks.append(event)
        return event
      } catch {
        failure = error
      }
    }
    isOver = true
    throw failure
  }

  private func goOn(
    mayStartAgain: Bool, rows: UInt64
  ) async throws(TallyError) -> (ReportBreak.Outcome, rows: UInt64) {
    let opened: ReportCalls.Opened
    do throws(TallyError) {
      opened = try await calls.open(header.handle, after: lastID)
    } catch {
      guard error.refusesHandle, consistency == .oneSnapshot, mayStartAgain else { throw error }
      return try await startAgain(rows)
    }
    if opened.header.revision == header.revision {
      check.goOn()
      take(opened, header: header)
      return (.sameRevision, rows)
    }
    if consistency == .newest || lastID == nil {
      var header = opened.header
      header.rowCount += rows
      check.goOn()
      take(opened, header: header)
      return (lastID == nil ? .startedAgain : .newerRevision, rows)
    }
    opened.call.cancel()
    return try await startAgain(rows, mayStartAgain)
  }

  private func startAgain(
    _ rows: UInt64, _ mayStartAgain: Bool = true
  ) async throws(TallyError) -> (ReportBreak.Outcome, rows: UInt64) {
    guard mayStartAgain, recovery.mayStartAgain() else {
      throw TallyError(
        .revisionMoved,
        "the connection broke after \(rows) rows and the store has moved on since: ask again, or "
          + "allow a report of several revisions")
    }
    let opened = try await calls.open()
    check.startAgain()
    lastID = nil
    take(opened, header: opened.header)
    return (.startedAgain, rows)
  }

  private func take(_ opened: ReportCalls.Opened, header: ReportHeader) {
    self.header = header
    call = opened.call
    waiting = opened.messages[...]
  }
}

// MARK: - Parts

extension ReportStream {
  /// A part is decoded as a whole: one arena for some hundreds of rows.
  private func decode(_ part: MessageBytes) throws(TallyError) -> [Row] {
    let before = check.rowCount
    try scan(part)
    if check.rowCount == before { return [] }
    do throws(DecodeError) {
      return try part.withUnsafeBytes { (bytes) throws(DecodeError) in
        try Part(decoding: bytes).rows
      }
    } catch {
      throw .invalidAnswer("rows that cannot be read (\(error))", from: calls.channel.endpoint)
    }
  }

  /// Walks one part: rows are checked, the trailer is compared.
  private func scan(_ part: MessageBytes) throws(TallyError) {
    try part.withUnsafeBytes { (bytes) throws(TallyError) in
      var fields = FieldScanner(bytes)
      var last: UnsafeRawBufferPointer?
      while let field = fields.next() {
        switch field.number {
        case 2:
          if trailer != nil {
            throw .invalidAnswer(
              "rows behind the trailer of a report", from: calls.channel.endpoint)
          }
          if !check.add(field.content) {
            throw .invalidAnswer("a row that is no message", from: calls.channel.endpoint)
          }
          last = field.content
        case 3: try close(field.content)
        default: break
        }
      }
      if fields.isMalformed {
        throw .invalidAnswer("a part of a report that is no message", from: calls.channel.endpoint)
      }
      if let last { lastID = Self.id(of: last) }
    }
  }

  /// Every row has its id in field 1.
  private static func id(of row: UnsafeRawBufferPointer) -> String? {
    var fields = FieldScanner(row)
    guard let first = fields.next(), first.number == 1 else { return nil }
    return String(decoding: first.content, as: UTF8.self)
  }

  private func close(_ bytes: UnsafeRawBufferPointer) throws(TallyError) {
    let trailer: ReportTrailer
    do throws(DecodeError) {
      trailer = try ReportTrailer(decoding: bytes)
    } catch {
      throw .invalidAnswer(
        "a trailer that cannot be read (\(error))", from: calls.channel.endpoint)
    }
    if let difference = check.difference(from: trailer) ?? missingRows {
      isOver = true
      call.cancel()
      throw TallyError(
        .damagedReport, "the report was damaged on its way (\(difference)): ask for it again")
    }
    self.trailer = check.whole(trailer)
  }

  /// The rows of a call that broke have no trailer of their own; in one snapshot their number is
  /// known all the same.
  private var missingRows: String? {
    guard !breaks.isEmpty, !mixesRevisions, header.rowCountExact,
      header.rowCount != check.totalRows
    else { return nil }
    return "\(check.totalRows) rows came of \(header.rowCount)"
  }
}
