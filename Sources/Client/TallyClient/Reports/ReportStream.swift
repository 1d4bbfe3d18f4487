internal import GRPC
internal import TallyMessages

/// One report on its way: takes parts from the call, decodes rows, checks them, meets the trailer.
///
/// One consumer. Dropping it before the end cancels the call.
final class ReportStream<Part: ReportPart> {
  typealias Row = Part.Row

  let header: ReportHeader
  private(set) var trailer: ReportTrailer?
  private let call: ClientCall
  private let endpoint: Endpoint
  private var waiting: ArraySlice<MessageBytes>
  private var check = ReportCheck(columns: Part.countColumns)
  private var isOver = false

  /// - Parameters:
  ///   - first: the messages that came first; the header is in the first of them.
  init(
    _ call: ClientCall, first: [MessageBytes], endpoint: Endpoint
  ) throws(TallyError) {
    guard let part = first.first, let header = try Self.header(in: part, endpoint) else {
      throw .invalidAnswer("a report without a header", from: endpoint)
    }
    self.header = header
    self.call = call
    self.endpoint = endpoint
    waiting = first[...]
  }

  deinit {
    if !isOver { call.cancel() }
  }

  /// The next part that holds rows; `nil` after a trailer that agrees with all rows.
  func nextPart() async throws(TallyError) -> [Row]? {
    while true {
      if let part = waiting.popFirst() {
        let rows = try decode(part)
        if !rows.isEmpty { return rows }
      } else if try await !receive() {
        return nil
      }
    }
  }

  /// Counts the rows of the next part and checks them without making values of them.
  func nextPartCount() async throws(TallyError) -> Int? {
    while true {
      if let part = waiting.popFirst() {
        let before = check.rowCount
        try scan(part)
        if check.rowCount > before { return Int(check.rowCount - before) }
      } else if try await !receive() {
        return nil
      }
    }
  }

  /// - Returns: false after a good end.
  private func receive() async throws(TallyError) -> Bool {
    if isOver { return false }
    let messages: [MessageBytes]?
    do throws(RPCError) {
      messages = try await call.take()
    } catch {
      isOver = true
      throw TallyError(error, from: endpoint)
    }
    if let messages {
      waiting = messages[...]
      return true
    }
    isOver = true
    guard let trailer, trailer.complete else {
      throw TallyError(
        .incompleteReport,
        "the report ended after \(check.rowCount) rows without a complete trailer: ask again")
    }
    return false
  }

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
      throw .invalidAnswer("rows that cannot be read (\(error))", from: endpoint)
    }
  }

  /// Walks one part: rows are checked, the trailer is compared.
  private func scan(_ part: MessageBytes) throws(TallyError) {
    try part.withUnsafeBytes { (bytes) throws(TallyError) in
      var fields = FieldScanner(bytes)
      while let field = fields.next() {
        switch field.number {
        case 2:
          if trailer != nil {
            throw .invalidAnswer("rows behind the trailer of a report", from: endpoint)
          }
          if !check.add(field.content) {
            throw .invalidAnswer("a row that is no message", from: endpoint)
          }
        case 3: try close(field.content)
        default: break
        }
      }
      if fields.isMalformed {
        throw .invalidAnswer("a part of a report that is no message", from: endpoint)
      }
    }
  }

  private func close(_ bytes: UnsafeRawBufferPointer) throws(TallyError) {
    let trailer: ReportTrailer
    do throws(DecodeError) {
      trailer = try ReportTrailer(decoding: bytes)
    } catch {
      throw .invalidAnswer("a trailer that cannot be read (\(error))", from: endpoint)
    }
    if let difference = check.difference(from: trailer) {
      isOver = true
      call.cancel()
      throw TallyError(
        .damagedReport, "the report was damaged on its way (\(difference)): ask for it again")
    }
    self.trailer = trailer
  }

  private static func header(
    in part: MessageBytes, _ endpoint: Endpoint
  ) throws(TallyError) -> ReportHeader? {
    try part.withUnsafeBytes { (bytes) throws(TallyError) -> ReportHeader? in
      var fields = FieldScanner(bytes)
      while let field = fields.next() {
        if field.number != 1 { continue }
        do throws(DecodeError) {
          return try ReportHeader(decoding: field.content)
        } catch {
          throw .invalidAnswer("a header that cannot be read (\(error))", from: endpoint)
        }
      }
      return nil
    }
  }
}
