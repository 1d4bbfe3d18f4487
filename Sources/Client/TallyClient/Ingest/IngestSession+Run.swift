internal import GRPC
internal import Synchronization
internal import TallyMessages

extension IngestSession {
  private static let path = "/tally.v1.IngestService/Ingest"

  /// Serves the queue until the session is over: one stream after the other.
  func run() async {
    var backoff = Backoff()
    var earlier: TallyError?
    while await waitForWork() {
      let answered = queue.withLock { queue in
        queue.rewind()
        return queue.lastAnswer
      }
      let failure = await serveOneStream(after: earlier)
      if queue.withLock({ $0.isFinished && !$0.hasUnanswered }) { return }
      if let failure, !failure.isTransient { return end(failure) }
      earlier = failure
      if queue.withLock({ $0.lastAnswer > answered }) { backoff.reset() }
      let pause = max(backoff.next(), failure?.details.retryDelay ?? .zero)
      let last = queue.withLock { $0.lastAnswer }
      if ContinuousClock.now - last + pause > options.giveUpAfter {
        return end(failure ?? lost())
      }
      do {
        try await Task.sleep(for: pause)
      } catch {
        return end(TallyError(.cancelled, "the task that sent events was cancelled"))
      }
    }
  }

  /// No batch will follow; the stream ends when all answers are there.
  func finish() {
    resume(queue.withLock { $0.finish() })
  }

  private func end(_ failure: TallyError) {
    resume(queue.withLock { $0.fail(failure) })
  }

  private func lost() -> TallyError {
    TallyError(
      .unavailable,
      "\(client.channel.endpoint) ended the stream before all batches were answered: try again")
  }

  /// - Returns: false when the session is over and nothing is left to send.
  private func waitForWork() async -> Bool {
    while true {
      let (isOver, hasWork) = queue.withLock {
        (($0.isFinished && !$0.hasUnanswered) || $0.ending != nil, $0.hasUnanswered)
      }
      if isOver { return false }
      if Task.isCancelled {
        end(TallyError(.cancelled, "the task that sent events was cancelled"))
        return false
      }
      if hasWork { return true }
      await sleepUntilWoken()
    }
  }

  /// Writes batches and reads answers until the stream ends.
  ///
  /// - Parameter earlier: why the stream before ended.
  /// - Returns: why it ended; `nil` for a good end, though answers may be missing.
  private func serveOneStream(after earlier: TallyError?) async -> TallyError? {
    let waited = ContinuousClock.now - queue.withLock { $0.lastAnswer }
    // Before the watch ends the session, so that the reason is the server's absence.
    let patience = max(.zero, (options.giveUpAfter - waited) * 0.9)
    let call = client.channel.call(Self.path, options: client.callOptions(patience: patience))
    return await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.writeBatches(to: call) }
      group.addTask { await self.watch(call, after: earlier) }
      let failure = await readAnswers(from: call)
      call.cancel()
      group.cancelAll()
      resume(queue.withLock { $0.wakeSender() })
      return failure
    }
  }

  private func writeBatches(to call: ClientCall) async {
    while !Task.isCancelled {
      switch queue.withLock({ $0.next() }) {
      case .write(let bytes):
        do throws(RPCError) {
          try await call.send(MessageBytes(bytes))
        } catch {
          // The reader meets the same end and says why.
          return
        }
      case .wait: await sleepUntilWoken()
      case .finish: return call.finishSending()
      }
    }
  }

  private func sleepUntilWoken() async {
    await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        let isAwake = queue.withLock { Task.isCancelled || $0.sleep(continuation) }
        if isAwake { continuation.resume() }
      }
    } onCancel: {
      resume(queue.withLock { $0.wakeSender() })
    }
  }

  private func readAnswers(from call: ClientCall) async -> TallyError? {
    do throws(RPCError) {
      while let messages = try await call.take() {
        for message in messages {
          if let failure = take(message) { return failure }
        }
      }
      return nil
    } catch {
      if error.code == .cancelled, queue.withLock({ $0.hasUnanswered }), !Task.isCancelled {
        return lost()
      }
      return TallyError(error, from: client.channel.endpoint)
    }
  }

  private func take(_ message: MessageBytes) -> TallyError? {
    let response: IngestResponse
    do throws(DecodeError) {
      response = try IngestResponse(decoding: message)
    } catch {
      return .invalidAnswer("bytes that cannot be read (\(error))", from: client.channel.endpoint)
    }
    guard let wakes = queue.withLock({ $0.answer(response) }) else {
      return .invalidAnswer(
        "the number of a batch that was not sent (\(response.sequence))",
        from: client.channel.endpoint)
    }
    resume(wakes)
    return nil
  }

  /// Ends a stream on which nothing comes back any more. If it is not the first, what ended the one
  /// before says more than the silence.
  private func watch(_ call: ClientCall, after earlier: TallyError?) async {
    while true {
      do {
        try await Task.sleep(for: min(.seconds(1), options.giveUpAfter / 4))
      } catch {
        return
      }
      let isStuck = queue.withLock {
        $0.hasUnanswered && ContinuousClock.now - $0.lastAnswer > options.giveUpAfter
      }
      if isStuck {
        let silence = TallyError(
          .deadlineExceeded,
          "\(client.channel.endpoint) answered no batch for \(options.giveUpAfter): see its log")
        end(earlier ?? silence)
        return call.cancel()
      }
    }
  }
}
