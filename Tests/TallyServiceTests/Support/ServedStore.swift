internal import Foundation
internal import GRPC
internal import Logging
internal import TallyMessages
internal import TallyModel
internal import TallyService
internal import TallyStore

/// A store in a directory of its own, and everything that Tally offers on it; with or without a
/// network between.
final class ServedStore: Sendable {
  let directory: String
  let store: Store
  let tally: TallyServer
  private let server: GRPCServer
  let channel: GRPCChannel

  static func open(
    mapSizeBytes: Int? = nil, _ change: (inout TallyServer.Options) -> Void = { _ in }
  ) async throws -> ServedStore {
    let directory = NSTemporaryDirectory() + "tally-service-\(UUID())"
    return try await open(directory, mapSizeBytes: mapSizeBytes, change)
  }

  static func open(
    _ directory: String, mapSizeBytes: Int? = nil,
    _ change: (inout TallyServer.Options) -> Void = { _ in }
  ) async throws -> ServedStore {
    var options = TallyServer.Options()
    change(&options)
    var storeOptions = StoreOptions.small
    if let mapSizeBytes { storeOptions.mapSizeBytes = mapSizeBytes }
    let store = try Store(directory, options: storeOptions)
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let tally = TallyServer(store: store, options: options, logger: logger)
    var serving = GRPCServer.Options()
    serving.load = tally.load
    let server = GRPCServer(methods: tally.methods, options: serving)
    let endpoint = try await server.start(Endpoint(host: "127.0.0.1", port: 0))
    return ServedStore(directory, store, tally, server, GRPCChannel(to: endpoint))
  }

  private init(
    _ directory: String, _ store: Store, _ tally: TallyServer, _ server: GRPCServer,
    _ channel: GRPCChannel
  ) {
    self.directory = directory
    self.store = store
    self.tally = tally
    self.server = server
    self.channel = channel
  }

  /// Ends everything; the directory stays if it is to be opened again.
  func close(keepsDirectory: Bool = false) async throws {
    tally.stopServing()
    await channel.close()
    await server.shutDown(grace: .seconds(2))
    await tally.shutDown()
    store.close()
    if !keepsDirectory { try FileManager.default.removeItem(atPath: directory) }
  }

  static func with(
    _ change: (inout TallyServer.Options) -> Void = { _ in },
    _ body: (ServedStore) async throws -> Void
  ) async throws {
    let served = try await open(change)
    try await body(served)
    try await served.close()
  }

  // MARK: Ingest

  /// Sends batches on one stream and gives their answers.
  @discardableResult
  func ingest(
    _ batches: [[TallyModel.Event]], tenant: String = "t", answerWhen: AnswerWhen = .applied,
    dryRun: Bool = false
  ) async throws -> [IngestResponse] {
    let requests = try batches.enumerated().map { index, events in
      IngestRequest(
        tenant: tenant, sequence: UInt64(index + 1), events: try events.map(message),
        answerWhen: answerWhen, dryRun: dryRun)
    }
    return try await send(requests)
  }

  func send(_ requests: [IngestRequest]) async throws -> [IngestResponse] {
    let call = IngestServiceClient(channel).ingest()
    async let answers = { () async throws in
      var answers: [IngestResponse] = []
      for try await answer in call.responses { answers.append(answer) }
      return answers
    }()
    do {
      for request in requests { try await call.send(request) }
      call.finishSending()
    } catch {
      // The call is over: its status comes with the answers.
    }
    return try await answers
  }

  /// Takes batches without a network, and waits until they are in the reports.
  func append(_ batches: [[TallyModel.Event]], tenant: String) async throws {
    for events in batches {
      try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
        store.append(
          tenant: tenant, batch: EventBatch(events), acceptedAt: TallyServer.now(),
          whenApplied: { done.resume(with: $0.map { _ in }.mapError { $0 }) })
      }
    }
  }

  /// An event as a client sends it: the fixed form is the message's encoding.
  func message(_ event: TallyModel.Event) throws -> TallyMessages.Event {
    var fact: [UInt8] = []
    event.fact.fixedForm(into: &fact)
    var bytes = varint(UInt64(event.fact.kind.rawValue) << 3 | 2) + varint(UInt64(fact.count))
    bytes += fact
    var message = try TallyMessages.Event(decoding: bytes)
    if event.occurredAt != .unset {
      message.occurredAt = .init(
        seconds: event.occurredAt.seconds, nanos: event.occurredAt.nanos)
    }
    return message
  }

  private func varint(_ value: UInt64) -> [UInt8] {
    value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + varint(value >> 7)
  }

  // MARK: Calls

  /// The responses of a server-streaming or unary call over the network.
  func call(_ path: String, _ request: MessageBytes) async throws(RPCError) -> [MessageBytes] {
    var messages: [MessageBytes] = []
    let call = channel.serverStreaming(path, request)
    while let more = try await call.take() { messages += more }
    return messages
  }

  /// The same without a network: what the handler's body gives.
  func pull(_ path: String, _ request: MessageBytes) async throws(RPCError) -> [MessageBytes] {
    guard let method = tally.methods.first(where: { $0.path == path }),
      case .serverStreaming(let handler) = method.handler
    else { throw RPCError(.unimplemented, path) }
    let body = try handler(request, ServerCall(path: path, peer: "test:1"))
    let (received, end) = await Client(body).read()
    if let error = end?.error { throw error }
    var messages: [MessageBytes] = []
    var rest = received.bytes[...]
    while rest.count >= 5 {
      let count = rest.dropFirst().prefix(4).reduce(0) { $0 << 8 | Int($1) }
      messages.append(MessageBytes(Array(rest.dropFirst(5).prefix(count))))
      rest = rest.dropFirst(5 + count)
    }
    return messages
  }
}
