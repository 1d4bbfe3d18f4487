internal import TallyClient
internal import TallyMessages

/// Reads event files and sends them in batches, many under way at once.
struct EventUpload {
  /// A batch of so many bytes is sent even if it has few events.
  private static let fullBytes = 3 * 1024 * 1024
  /// What an event takes in a batch besides its own bytes, at most: a tag and its length.
  private static let frameBytes = 6

  let files: [String]
  let batchSize: Int
  let quiet: Bool

  /// One batch on its way back.
  private struct Reply: Sendable {
    let places: [IngestSummary.Place]
    let answer: Result<IngestResponse, TallyError>
  }

  private struct Filling {
    var events: [Event] = []
    var places: [IngestSummary.Place] = []
    var bytes = 0
  }

  private struct Run {
    var summary: IngestSummary
    var progress: Progress
    var filling = Filling()
    var underWay = 0
    var doneBytes: UInt64 = 0
    var totalBytes: UInt64? = 0
    var failure: TallyError?
  }

  /// Sends all files; failures are in the summary.
  func run(_ session: IngestSession, _ summary: inout IngestSummary) async {
    var run = Run(
      summary: summary,
      progress: Progress(look: Progress.fitting(quiet: quiet), things: "events"))
    await withTaskGroup(of: Reply.self) { group in
      for path in files where run.failure == nil {
        do throws(CommandError) {
          try await send(path, &run, session, &group)
        } catch {
          run.summary.addFailure(error.message)
        }
      }
      if run.failure == nil { await flush(&run, session, &group) }
      while let reply = await group.next() { note(reply, &run) }
    }
    run.progress.clear()
    if let failure = run.failure { run.summary.addFailure(failure.forPeople.message) }
    summary = run.summary
  }

  private func send(
    _ path: String, _ run: inout Run, _ session: IngestSession, _ group: inout TaskGroup<Reply>
  ) async throws(CommandError) {
    var file = try EventFile(path: path)
    run.summary.addFile()
    let before = run.doneBytes
    defer { run.doneBytes = before + file.consumed }
    while run.failure == nil, let record = try file.next() {
      let place = IngestSummary.Place(file: file.name, line: record.number)
      switch EventDecoding.event(from: record.content) {
      case .success(let event):
        let size = event.encodedSize + Self.frameBytes
        guard size <= IngestBatch.mostBytes else {
          let problem = "an event of \(grouped(size)) bytes is more than a server takes"
          show(run.summary.addUnreadable(at: place, problem).map { [$0] } ?? [], &run)
          continue
        }
        if run.filling.bytes + size > IngestBatch.mostBytes {
          await flush(&run, session, &group)
        }
        run.filling.bytes += size
        run.filling.events.append(event)
        run.filling.places.append(place)
      case .failure(let problem):
        show(run.summary.addUnreadable(at: place, problem.message).map { [$0] } ?? [], &run)
        continue
      }
      if run.filling.events.count >= batchSize || run.filling.bytes >= Self.fullBytes {
        run.doneBytes = before + file.consumed
        run.totalBytes = file.size.map { before + $0 }
        await flush(&run, session, &group)
      }
    }
  }

  /// Sends what was gathered, after room was made for it.
  private func flush(
    _ run: inout Run, _ session: IngestSession, _ group: inout TaskGroup<Reply>
  ) async {
    while run.underWay >= session.mostUnderWay, let reply = await group.next() {
      note(reply, &run)
    }
    if run.filling.events.isEmpty { return }
    let places = run.filling.places
    do throws(TallyError) {
      let batch = try IngestBatch(run.filling.events)
      run.underWay += 1
      group.addTask {
        do throws(TallyError) {
          return Reply(places: places, answer: .success(try await session.send(batch)))
        } catch {
          return Reply(places: places, answer: .failure(error))
        }
      }
    } catch {
      run.failure = error
    }
    run.filling = Filling()
  }

  private func note(_ reply: Reply, _ run: inout Run) {
    run.underWay -= 1
    switch reply.answer {
    case .success(let answer): show(run.summary.add(answer, places: reply.places), &run)
    case .failure(let error):
      run.summary.addLost(reply.places.count)
      if run.failure == nil { run.failure = error }
    }
    run.progress.update(
      Progress.State(
        done: run.doneBytes, total: files.count == 1 ? run.totalBytes : nil,
        count: UInt64(run.summary.sent)))
  }

  private func show(_ lines: [String], _ run: inout Run) {
    if lines.isEmpty { return }
    run.progress.clear()
    standardError(lines.joined(separator: "\n") + "\n")
  }
}
