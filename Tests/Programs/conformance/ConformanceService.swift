internal import GRPC
internal import Protobuf
internal import TallyMessages
internal import TestMessages

/// The service that the suite's clients call: each request says how it wants to be answered, and
/// the answer says what the server saw of the request.
enum ConformanceService {
  static let name = "connectrpc.conformance.v1.ConformanceService"

  /// A reply that takes time is a written body, also where there is only one. `Unimplemented` is
  /// left out: that is what it tests.
  static let methods: [ServerMethod] = [
    method(
      "Unary",
      .serverStreaming { (bytes, call) throws(RPCError) in
        let request = try Suite.UnaryRequest(request: bytes)
        return unary(Suite.UnaryRequest.self, bytes, request.responseDefinition, call)
      }),
    method(
      "IdempotentUnary",
      .serverStreaming { (bytes, call) throws(RPCError) in
        let request = try Suite.IdempotentUnaryRequest(request: bytes)
        return unary(Suite.IdempotentUnaryRequest.self, bytes, request.responseDefinition, call)
      }),
    method(
      "ServerStream",
      .serverStreaming { (bytes, call) throws(RPCError) in
        let request = try Suite.ServerStreamRequest(request: bytes)
        let definition = request.responseDefinition ?? Suite.StreamResponseDefinition()
        add(definition.responseHeaders, definition.responseTrailers, to: call)
        let requests = [Suite.Packed(Suite.ServerStreamRequest.self, bytes)]
        return WrittenBody(for: call) { (writer) throws(RPCError) in
          try await answer(definition, from: 0, info(call, requests), writer)
        }
      }),
    method(
      "ClientStream",
      .streaming { (messages, writer, call) async throws(RPCError) in
        var definition: Suite.UnaryResponseDefinition?
        var requests: [Suite.Packed] = []
        for try await bytes in messages {
          let request = try Suite.ClientStreamRequest(request: bytes)
          if requests.isEmpty { definition = request.responseDefinition }
          requests.append(Suite.Packed(Suite.ClientStreamRequest.self, bytes))
        }
        try await answer(definition, info(call, requests), writer, call)
      }),
    method(
      "BidiStream",
      .streaming { (messages, writer, call) async throws(RPCError) in
        try await bidi(messages, writer, call)
      }),
  ]

  private static func method(_ method: String, _ handler: Handler) -> ServerMethod {
    ServerMethod("/\(name)/\(method)", handler)
  }

  // MARK: One reply

  private static func unary<M: Message>(
    _ type: M.Type, _ bytes: MessageBytes, _ definition: Suite.UnaryResponseDefinition?,
    _ call: ServerCall
  ) -> any ResponseBody {
    if let definition {
      add(definition.responseHeaders, definition.responseTrailers, to: call)
    }
    return WrittenBody(for: call) { (writer) throws(RPCError) in
      try await answer(
        definition, info(call, [Suite.Packed(type, bytes)]), writer, call, hasHeaders: true)
    }
  }

  private static func answer(
    _ definition: Suite.UnaryResponseDefinition?, _ info: Suite.ConformancePayload.RequestInfo,
    _ writer: ResponseWriter, _ call: ServerCall, hasHeaders: Bool = false
  ) async throws(RPCError) {
    var payload = Suite.ConformancePayload(requestInfo: info)
    if let definition {
      if !hasHeaders { add(definition.responseHeaders, definition.responseTrailers, to: call) }
      try await wait(definition.responseDelayMs)
      switch definition.response {
      case .error(let error)?: throw RPCError(error, info: info)
      case .responseData(let data)?: payload.data = data
      case nil: break
      }
    }
    // The responses of all methods are alike: a payload as field 1.
    try await writer.write(Suite.UnaryResponse(payload: payload).messageBytes())
  }

  // MARK: Many replies

  private static func bidi(
    _ messages: RequestMessages, _ writer: ResponseWriter, _ call: ServerCall
  ) async throws(RPCError) {
    var definition = Suite.StreamResponseDefinition()
    var isFullDuplex = false
    var isFirst = true
    var replies = 0
    var requests: [Suite.Packed] = []
    for try await bytes in messages {
      let request = try Suite.BidiStreamRequest(request: bytes)
      requests.append(Suite.Packed(Suite.BidiStreamRequest.self, bytes))
      if isFirst {
        isFirst = false
        definition = request.responseDefinition ?? definition
        isFullDuplex = request.fullDuplex
        add(definition.responseHeaders, definition.responseTrailers, to: call)
      }
      guard isFullDuplex else { continue }
      guard replies < definition.responseData.count else { break }
      let info =
        replies == 0
        ? info(call, requests) : Suite.ConformancePayload.RequestInfo(requests: requests)
      try await wait(definition.responseDelayMs)
      try await write(definition.responseData[replies], info, writer)
      replies += 1
      requests = []
    }
    try await answer(definition, from: replies, info(call, requests), writer)
  }

  /// Writes the replies from the number `first` on, the first of all with what was seen of the
  /// request; an error that stands alone carries that instead.
  private static func answer(
    _ definition: Suite.StreamResponseDefinition, from first: Int,
    _ info: Suite.ConformancePayload.RequestInfo, _ writer: ResponseWriter
  ) async throws(RPCError) {
    for (index, reply) in definition.responseData.enumerated().dropFirst(first) {
      try await wait(definition.responseDelayMs)
      try await write(reply, index == 0 ? info : nil, writer)
    }
    if let error = definition.error {
      throw RPCError(error, info: definition.responseData.isEmpty ? info : nil)
    }
  }

  private static func write(
    _ reply: [UInt8], _ info: Suite.ConformancePayload.RequestInfo?, _ writer: ResponseWriter
  ) async throws(RPCError) {
    let payload = Suite.ConformancePayload(data: reply, requestInfo: info)
    try await writer.write(Suite.BidiStreamResponse(payload: payload).messageBytes())
  }

  // MARK: Parts of answers

  private static func add(
    _ headers: [Suite.Header], _ trailers: [Suite.Header], to call: ServerCall
  ) {
    call.addInitialMetadata(Metadata(headers))
    call.addTrailingMetadata(Metadata(trailers))
  }

  private static func info(
    _ call: ServerCall, _ requests: [Suite.Packed]
  ) -> Suite.ConformancePayload.RequestInfo {
    let timeout = call.deadline.map { Int64(max($0 - .now, .zero) / .milliseconds(1)) }
    return Suite.ConformancePayload.RequestInfo(
      requestHeaders: call.metadata.headers, timeoutMs: timeout, requests: requests)
  }

  private static func wait(_ milliseconds: UInt32) async throws(RPCError) {
    guard milliseconds > 0 else { return }
    do {
      try await Task.sleep(for: .milliseconds(Int(milliseconds)))
    } catch {
      throw RPCError(.cancelled, "the call is over for the client")
    }
  }
}
