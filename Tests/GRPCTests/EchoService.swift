internal import GRPC
internal import Synchronization

/// A service that names no messages: each method shows one shape or one fault.
final class EchoService: Sendable {
  /// Set by `Wait` when its work is stopped.
  let stopped = Signal()
  /// Set by `Wait` when its work begins.
  let begun = Signal()
  /// What the bodies of `Flood` have given in all.
  let floodedBytes = Atomic(0)
  /// How many requests `Chat` and `Hold` have taken.
  let taken = Mutex(0)
  /// `Hold` takes requests only after this.
  let gate = Signal()

  var methods: [ServerMethod] {
    [
      ServerMethod("/test.Echo/Say", .unary(say)),
      ServerMethod("/test.Echo/Fail", .unary(fail)),
      ServerMethod("/test.Echo/Count", .serverStreaming(count)),
      ServerMethod("/test.Echo/Flood", .serverStreaming(flood)),
      ServerMethod("/test.Echo/Wait", .serverStreaming(wait)),
      ServerMethod("/test.Echo/Collect", .streaming(collect)),
      ServerMethod("/test.Echo/Chat", .streaming(chat)),
      ServerMethod("/test.Echo/Hold", .streaming(hold)),
      ServerMethod("/test.Echo/Stubborn", .streaming(stubborn)),
    ]
  }

  /// Replies with the request, and with the client's own metadata in headers and trailers.
  private func say(_ request: MessageBytes, _ call: ServerCall) throws(RPCError) -> MessageBytes {
    call.onCancel { [stopped] in stopped.set() }
    if let text = call.metadata["x-initial"] { call.addInitialMetadata(["x-initial": text]) }
    if call.metadata["x-echo-all"] != nil { call.addInitialMetadata(call.metadata) }
    if call.metadata["x-compress"] != nil { call.setCompression(.gzip) }
    call.addInitialMetadata(request.wasCompressed ? ["x-was-compressed": "yes"] : [:])
    if let bytes = call.metadata[binary: "x-trailing-bin"] {
      var trailing = Metadata()
      trailing.add(binary: bytes, name: "x-trailing-bin")
      call.addTrailingMetadata(trailing)
    }
    return request
  }

  /// Fails with the code that is the request's first byte and the rest as message.
  private func fail(_ request: MessageBytes, _ call: ServerCall) throws(RPCError) -> MessageBytes {
    let code = StatusCode(rawValue: Int(request.bytes.first ?? 2)) ?? .unknown
    if let text = call.metadata["x-initial"] { call.addInitialMetadata(["x-initial": text]) }
    var details = Metadata()
    details.add(binary: [1, 2, 255], name: "grpc-status-details-bin")
    throw RPCError(
      code, String(decoding: request.bytes.dropFirst(), as: UTF8.self), metadata: details)
  }

  /// Replies with the numbers from 0 up to the request's, then fails if it says so: `3!`.
  private func count(
    _ request: MessageBytes, _ call: ServerCall
  ) throws(RPCError) -> any ResponseBody {
    call.onCancel { [stopped] in stopped.set() }
    let text = request.text
    guard let count = Int(text.filter { $0 != "!" }) else {
      throw RPCError(.invalidArgument, "'\(text)' is not a number")
    }
    return WrittenBody(for: call) { writer throws(RPCError) in
      for number in 0..<count { try await writer.write(MessageBytes(text: "\(number)")) }
      if text.hasSuffix("!") { throw RPCError(.dataLoss, "after \(count)") }
    }
  }

  /// Replies with as many messages of 1,000 bytes as the request says, pulled.
  private func flood(
    _ request: MessageBytes, _ call: ServerCall
  ) throws(RPCError) -> any ResponseBody {
    FloodBody(messages: Int(request.text) ?? 0, for: self)
  }

  private func wait(
    _ request: MessageBytes, _ call: ServerCall
  ) throws(RPCError) -> any ResponseBody {
    call.onCancel { [stopped] in stopped.set() }
    begun.set()
    return WrittenBody { writer throws(RPCError) in
      if request.text == "speak" { try await writer.write(request) }
      let never = Signal()
      try await never.wait()
    }
  }

  private func collect(
    _ requests: RequestMessages, _ writer: ResponseWriter, _ call: ServerCall
  ) async throws(RPCError) {
    call.onCancel { [stopped] in stopped.set() }
    var all: [UInt8] = []
    for try await request in requests { all += request.bytes }
    try await writer.write(MessageBytes(all))
  }

  private func chat(
    _ requests: RequestMessages, _ writer: ResponseWriter, _ call: ServerCall
  ) async throws(RPCError) {
    // What asks for it is answered plainly, whatever the call's compression.
    for try await request in requests {
      taken.withLock { $0 += 1 }
      if request.text == "stop" { throw RPCError(.aborted, "told to stop") }
      try await writer.write(request, compress: !request.text.hasPrefix("plainly"))
    }
  }

  private func hold(
    _ requests: RequestMessages, _ writer: ResponseWriter, _ call: ServerCall
  ) async throws(RPCError) {
    try await gate.wait()
    for try await _ in requests { taken.withLock { $0 += 1 } }
  }
}

extension EchoService {
  /// Goes on until the gate opens, whatever becomes of its call.
  private func stubborn(
    _ requests: RequestMessages, _ writer: ResponseWriter, _ call: ServerCall
  ) async throws(RPCError) {
    try await writer.write(MessageBytes())
    await Task.detached { [gate] in try? await gate.wait() }.value
  }
}

/// A pulled body of numbered messages of 1,000 bytes.
final class FloodBody: ResponseBody {
  private let service: EchoService
  private let rest: Mutex<(messages: Int, offset: Int)>
  private static let frame: [UInt8] = [0, 0, 0, 3, 232] + [UInt8](repeating: 7, count: 1000)

  init(messages: Int, for service: EchoService) {
    self.service = service
    rest = Mutex((messages, 0))
  }

  func start(wake: @escaping @Sendable () -> Void) {}

  func fill(_ out: UnsafeMutableRawBufferPointer) -> Fill {
    rest.withLock { rest in
      guard rest.messages > 0 else { return .finished(nil) }
      var written = 0
      while rest.messages > 0, written < out.count {
        let count = min(Self.frame.count - rest.offset, out.count - written)
        out[written..<written + count].copyBytes(
          from: Self.frame[rest.offset..<rest.offset + count])
        written += count
        rest.offset += count
        if rest.offset == Self.frame.count { rest = (rest.messages - 1, 0) }
      }
      service.floodedBytes.add(written, ordering: .relaxed)
      return .bytes(written)
    }
  }

  func cancel() { service.stopped.set() }
}

/// Something that happens once and can be waited for.
final class Signal: Sendable {
  private let state = Mutex((isSet: false, waiters: [UnsafeContinuation<Void, Never>]()))

  var isSet: Bool { state.withLock { $0.isSet } }

  func set() {
    let waiters = state.withLock { state in
      state.isSet = true
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Waits for `set`; a cancelled task stops waiting.
  func wait() async throws(RPCError) {
    await withTaskCancellationHandler {
      await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
        let isReady = state.withLock { state in
          if !state.isSet { state.waiters.append(continuation) }
          return state.isSet
        }
        if isReady { continuation.resume() }
      }
    } onCancel: {
      set()
    }
    if Task.isCancelled { throw RPCError(.cancelled, "stopped waiting") }
  }
}

extension MessageBytes {
  init(text: String) {
    self.init(Array(text.utf8))
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }
}
