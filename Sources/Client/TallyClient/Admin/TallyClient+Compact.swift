internal import GRPC
public import TallyMessages

extension TallyClient {
  /// Lets the server copy its data file compactly and go on with the copy: what was freed goes back
  /// to its disk. Reads and writes go on meanwhile, and it goes on if this call is cancelled.
  ///
  /// - Parameter onProgress: told now and then how far it is.
  /// - Throws: `server` if one runs already or the disk has no room for the copy; what ends a call.
  public func compact(
    onProgress: (CompactProgress) -> Void = { _ in }
  ) async throws(TallyError) -> CompactSummary {
    // Not tried again: the first may be under way although its answer was lost.
    var options = callOptions(patience: self.options.retryFor)
    options.timeout = self.options.timeout
    let call = channel.serverStreaming(
      "/tally.v1.AdminService/Compact", CompactRequest().messageBytes(), options: options)
    var summary: CompactSummary?
    while let messages = try await take(from: call) {
      for message in messages {
        switch try part(of: message) {
        case .progress(let progress): onProgress(progress)
        case .summary(let last): summary = last
        case nil: break
        }
      }
    }
    guard let summary else {
      throw .invalidAnswer("a compaction without a summary", from: channel.endpoint)
    }
    return summary
  }

  private func take(from call: ClientCall) async throws(TallyError) -> [MessageBytes]? {
    do throws(RPCError) { return try await call.take() } catch {
      throw TallyError(error, from: channel.endpoint)
    }
  }

  private func part(of message: MessageBytes) throws(TallyError) -> CompactResponse.Part? {
    do throws(DecodeError) { return try CompactResponse(decoding: message).part } catch {
      throw .invalidAnswer(
        "a part of a compaction that cannot be read (\(error))", from: channel.endpoint)
    }
  }
}
