internal import GRPC
internal import TallyMessages
internal import TallyStore

/// Compacts the data file when asked, and tells how far it has come.
struct CompactService: Sendable {
  let store: Store
  let failures: Failures

  private static let newsInterval = Duration.milliseconds(100)

  var method: ServerMethod {
    ServerMethod(
      "/tally.v1.AdminService/Compact",
      .serverStreaming { (message, call) throws(RPCError) in
        _ = try CompactRequest(request: message)
        return WrittenBody(for: call) { writer async throws(RPCError) in
          let run: CompactionRun
          do throws(StoreError) { run = try store.compact() } catch {
            throw failures.status(of: error)
          }
          try await tell(run, writer)
        }
      })
  }

  /// Writes how far the run is until it has ended. The run does not need its client.
  private func tell(_ run: CompactionRun, _ writer: ResponseWriter) async throws(RPCError) {
    while !Task.isCancelled {
      if let outcome = run.outcome {
        switch outcome {
        case .success(let result): try await write(.summary(summary(result)), writer)
        case .failure(let error): throw failures.status(of: error)
        }
        return
      }
      try await write(.progress(CompactProgress(run.progress)), writer)
      // Cancelled with the call, which the loop then sees.
      try? await Task.sleep(for: Self.newsInterval)
    }
  }

  private func write(
    _ part: CompactResponse.Part, _ writer: ResponseWriter
  ) async throws(RPCError) {
    try await writer.write(CompactResponse(part: part).messageBytes())
  }

  private func summary(_ result: CompactionResult) -> CompactSummary {
    CompactSummary(
      revision: store.revision(result.position),
      fileSizeBefore: UInt64(result.before.fileBytes),
      fileSizeAfter: UInt64(result.after.fileBytes),
      mapSizeBefore: UInt64(result.before.mapSizeBytes),
      mapSizeAfter: UInt64(result.after.mapSizeBytes),
      duration: .init(.nanoseconds(result.nanoseconds)),
      pause: .init(.nanoseconds(result.pauseNanoseconds)))
  }
}

extension CompactProgress {
  fileprivate init(_ progress: CompactionRun.Progress) {
    let step: CompactStep =
      switch progress.step {
      case .copying: .copying
      case .replaying, .done: .replaying
      }
    self.init(step: step, done: UInt64(progress.done), total: UInt64(progress.total))
  }
}
