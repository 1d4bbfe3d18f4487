internal import GRPC
internal import TallyMessages
internal import TestMessages

/// One call of the client under test, and what became of it.
struct TestCall {
  private let request: Suite.ClientCompatRequest
  private let call: ClientCall
  private var responses: ResponseMessages.Iterator
  private var result = Suite.ClientResponseResult()

  init(_ request: Suite.ClientCompatRequest, _ channels: Channels) throws {
    self.request = request
    let isSingle = request.streamType == .unary || request.streamType == .serverStream
    guard !isSingle || request.requestMessages.count == 1 else {
      throw RPCError(.invalidArgument, "\(request.requestMessages.count) requests for one")
    }
    let options = CallOptions(
      metadata: Metadata(request.requestHeaders),
      timeout: request.timeoutMs.map { .milliseconds(Int($0)) },
      compression: request.compression == .gzip ? .gzip : .identity)
    let path = "/\(request.service ?? ConformanceService.name)/\(request.method ?? "Unary")"
    call = try channels.channel(for: request).call(path, options: options)
    responses = call.responses.makeAsyncIterator()
  }

  /// Makes the call to its end, good or not.
  consuming func run() async throws -> Suite.ClientResponseResult {
    do throws(RPCError) {
      try await exchange()
    } catch {
      result.error = Suite.Error(error)
    }
    result.responseHeaders = ((try? await call.initialMetadata) ?? Metadata()).headers
    result.responseTrailers = call.trailingMetadata.headers
    return result
  }

  private mutating func exchange() async throws(RPCError) {
    try await send()
    let cancelling: Task<Void, Never>?
    switch request.cancel.map({ $0.timing ?? .afterCloseSendMs(0) }) {
    case .beforeCloseSend?:
      call.cancel()
      cancelling = nil
    case .afterCloseSendMs(let milliseconds)?:
      call.finishSending()
      cancelling = Task { [call] in
        // Only ending the program ends this early.
        try? await Task.sleep(for: .milliseconds(Int(milliseconds)))
        call.cancel()
      }
    case .afterNumResponses?, nil:
      call.finishSending()
      cancelling = nil
    }
    defer { cancelling?.cancel() }
    switch request.streamType {
    case .unary, .clientStream:
      try await receive(call.reply())
    default:
      while try await receiveNext() {}
    }
  }

  /// Sends the requests; in a full-duplex call each waits for the response to the one before.
  private mutating func send() async throws(RPCError) {
    let isFullDuplex = request.streamType == .fullDuplexBidiStream
    for (index, message) in request.requestMessages.enumerated() {
      do throws(RPCError) {
        try await wait(request.requestDelayMs)
        try await call.send(MessageBytes(message.value))
      } catch {
        result.numUnsentRequests = Int32(request.requestMessages.count - index)
        // The responses before the end count too, and the status is theirs to tell.
        return
      }
      if isFullDuplex, try await !receiveNext() { return }
    }
  }

  /// - Returns: `false` at the good end.
  private mutating func receiveNext() async throws(RPCError) -> Bool {
    guard let bytes = try await responses.next() else { return false }
    try receive(bytes)
    if case .afterNumResponses(let count)? = request.cancel?.timing,
      result.payloads.count == Int(count)
    {
      call.cancel()
      while try await call.take() != nil {}
    }
    return true
  }

  private mutating func receive(_ bytes: MessageBytes) throws(RPCError) {
    // The responses of all methods are alike: a payload as field 1.
    let response = try Suite.UnaryResponse(response: bytes)
    result.payloads.append(response.payload ?? Suite.ConformancePayload())
  }

  private func wait(_ milliseconds: UInt32) async throws(RPCError) {
    guard milliseconds > 0 else { return }
    do {
      try await Task.sleep(for: .milliseconds(Int(milliseconds)))
    } catch {
      throw RPCError(.cancelled, "the client is being ended")
    }
  }
}
