internal import CChecksum
internal import GRPC
internal import Synchronization
internal import TallyClient
internal import TallyMessages
internal import Testing

/// A server that says what a test wrote down, whatever sense it makes.
///
/// - Parameter methods: by path within `tally.v1`, such as `ReportService/Groups`.
func withServer<R>(
  _ methods: [String: Handler.Streaming], options: TallyClient.Options = .quick,
  _ body: (TallyClient) async throws -> R
) async throws -> R {
  try await withServer(methods, port: 0) { endpoint in
    let client = TallyClient.connect(
      host: endpoint.host, port: endpoint.port, tenant: "t", options: options)
    let result: Result<R, any Error>
    do {
      result = .success(try await body(client))
    } catch {
      result = .failure(error)
    }
    await client.close()
    return try result.get()
  }
}

/// A server on a port of one's choice.
func withServer<R>(
  _ methods: [String: Handler.Streaming], port: Int, _ body: (Endpoint) async throws -> R
) async throws -> R {
  var options = GRPCServer.Options()
  options.eventLoops = 1
  let server = GRPCServer(
    methods: methods.map { ServerMethod("/tally.v1.\($0)", .streaming($1)) }, options: options)
  let bound = try await server.start(Endpoint(host: "127.0.0.1", port: port))
  let result: Result<R, any Error>
  do {
    result = .success(try await body(bound))
  } catch {
    result = .failure(error)
  }
  await server.shutDown(grace: .milliseconds(100))
  return try result.get()
}

extension TallyClient.Options {
  /// So that a test that should fail does so soon.
  static var quick: Self {
    var options = TallyClient.Options()
    options.timeout = .seconds(20)
    options.retryFor = .seconds(1)
    return options
  }
}

/// Counts how often something happened.
final class Counter: Sendable {
  private let value = Mutex(0)

  /// The count before this one.
  func next() -> Int {
    value.withLock { value in
      defer { value += 1 }
      return value
    }
  }

  var count: Int { value.withLock { $0 } }
}

/// The rows of a small report, and the parts that carry them.
enum Sample {
  static let rows = [
    GroupRow(groupId: "a", name: "Alpha", publications: 1, comments: 300, reactions: 0),
    GroupRow(groupId: "b", name: "Béta", publications: 70_000, comments: 2, reactions: 9),
    GroupRow(groupId: "c", name: "", publications: 5, comments: 0, reactions: 1),
  ]

  static let header = GroupsResponse(
    header: ReportHeader(revision: Revision(position: 7), rowCount: 3, rowCountExact: true))

  /// Sums and digest computed here, by hand, not by the client.
  static var trailer: ReportTrailer {
    var digest: UInt32 = 0
    for row in rows {
      let bytes = row.encoded()
      digest = tally_crc32c(digest, bytes, bytes.count)
    }
    return ReportTrailer(
      rowCount: 3,
      sums: [
        ColumnSum(column: "publications", sum: 70_006), ColumnSum(column: "comments", sum: 302),
        ColumnSum(column: "reactions", sum: 10),
      ], digest: digest, complete: true)
  }

  static func parts(
    rows: [GroupRow] = rows, trailer: ReportTrailer? = trailer
  ) -> [GroupsResponse] {
    var parts = [header]
    parts += rows.isEmpty ? [] : [GroupsResponse(rows: Array(rows.prefix(2)))]
    if rows.count > 2 { parts.append(GroupsResponse(rows: Array(rows.dropFirst(2)))) }
    if let trailer { parts.append(GroupsResponse(trailer: trailer)) }
    return parts
  }

  /// Sends parts, then OK.
  static func handler(_ parts: [GroupsResponse]) -> Handler.Streaming {
    { (_, responses, _) async throws(RPCError) in
      for part in parts { try await responses.write(part.messageBytes()) }
    }
  }
}

/// The error that `body` throws.
func failure<R>(
  of body: () async throws -> R, sourceLocation: SourceLocation = #_sourceLocation
) async -> TallyError? {
  do {
    let value = try await body()
    Issue.record("ended well with \(value)", sourceLocation: sourceLocation)
    return nil
  } catch {
    if let error = error as? TallyError { return error }
    Issue.record("failed with \(error)", sourceLocation: sourceLocation)
    return nil
  }
}
