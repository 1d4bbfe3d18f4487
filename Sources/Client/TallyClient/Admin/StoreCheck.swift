internal import GRPC
public import TallyMessages

/// What a check of the server's store tells, in order.
///
/// Iterating ends normally only behind the summary; else it throws, and the check is not complete.
/// It can be iterated once; leaving it early ends the check.
public struct StoreCheck: AsyncSequence, Sendable {
  public typealias Element = VerifyResponse.Part
  public typealias Failure = TallyError

  let call: ClientCall
  let endpoint: Endpoint

  public func makeAsyncIterator() -> Iterator { Iterator(call: call, endpoint: endpoint) }

  /// One part after the other.
  public struct Iterator: AsyncIteratorProtocol {
    private let call: ClientCall
    private let endpoint: Endpoint
    private var waiting: ArraySlice<MessageBytes> = []
    private var isComplete = false

    init(call: ClientCall, endpoint: Endpoint) {
      self.call = call
      self.endpoint = endpoint
    }

    /// Progress, a difference, a repair, or the summary, which is the last; `nil` behind it.
    public mutating func next() async throws(TallyError) -> VerifyResponse.Part? {
      while true {
        if let message = waiting.popFirst() {
          guard let part = try decode(message).part else { continue }
          if case .summary = part { isComplete = true }
          return part
        }
        let messages: [MessageBytes]?
        do throws(RPCError) { messages = try await call.take() } catch {
          throw TallyError(error, from: endpoint)
        }
        guard let messages else {
          if isComplete { return nil }
          throw .invalidAnswer("a check without a summary", from: endpoint)
        }
        waiting = messages[...]
      }
    }

    private func decode(_ message: MessageBytes) throws(TallyError) -> VerifyResponse {
      do throws(DecodeError) { return try VerifyResponse(decoding: message) } catch {
        throw .invalidAnswer("a part of a check that cannot be read (\(error))", from: endpoint)
      }
    }
  }
}

extension TallyClient {
  /// Lets the server recount what it has derived from the facts, while it goes on serving. The call
  /// is under way at once; what is wrong with it comes with the first part.
  ///
  /// - Parameters:
  ///   - ofTenant: only this client's tenant's.
  ///   - repair: whether what is derived is put right. Facts never are.
  public func verify(
    ofTenant: Bool = false, repair: Bool = false
  ) -> StoreCheck {
    let request = VerifyRequest(tenant: ofTenant ? tenant : nil, repair: repair)
    var options = callOptions(patience: self.options.retryFor)
    options.timeout = self.options.timeout
    let call = channel.serverStreaming(
      "/tally.v1.AdminService/Verify", request.messageBytes(), options: options)
    return StoreCheck(call: call, endpoint: channel.endpoint)
  }
}
