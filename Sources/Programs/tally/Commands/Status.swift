internal import ArgumentParser
internal import TallyClient
internal import TallyMessages

/// `tally status`
struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows how the server and its store are.")

  @Flag(help: "Print one line of JSON.")
  var json = false

  @Flag(help: "Count the facts of all tenants, not only those of --tenant.")
  var allTenants = false

  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let client = try connection.connect()
    let result = await status(of: client)
    await client.close()
    let status = try result.get()
    let lines = json ? [String(decoding: try status.jsonLine(), as: UTF8.self)] : Self.lines(status)
    print(lines.joined(separator: "\n"))
  }

  private func status(of client: TallyClient) async -> Result<StatusResponse, CommandError> {
    do throws(TallyError) {
      return .success(try await client.status(ofTenant: !allTenants && connection.tenant != nil))
    } catch {
      return .failure(error.forPeople)
    }
  }

  /// One fact a line, its name in front.
  static func lines(_ status: StatusResponse) -> [String] {
    var lines: [(String, String)] = [
      ("server", "tallyd \(status.version), up \(text(status.uptime))"),
      (
        "rules", "version \(status.rulesVersion), data format \(status.formatVersion)"
      ),
      ("revision", revision(status)),
      ("lag", lag(status)),
    ]
    for alarm in status.alarms { lines.append(("ALARM \(alarm.name)", alarm.message)) }
    if !status.foldError.isEmpty { lines.append(("fold stopped", status.foldError)) }
    if let fold = status.lastFold {
      lines.append(
        (
          "last fold",
          "\(grouped(fold.events)) events, \(grouped(fold.touchedKeys)) records, "
            + "\(text(fold.duration)); \(grouped(fold.folds)) folds"
        ))
    }
    if let log = status.log { lines += Self.log(log) }
    if let store = status.store { lines += Self.file(store) }
    if let disk = status.disk { lines.append(("disk", Self.disk(disk))) }
    if let backup = status.newestBackup {
      let time = backup.madeAt.map { timeText(seconds: $0.seconds, nanoseconds: $0.nanos) } ?? ""
      lines.append(("newest backup", "position \(grouped(backup.position)), made \(time)"))
    }
    if let readers = status.readers { lines += Self.readers(readers) }
    lines.append(
      (
        "connections",
        "\(grouped(status.openConnections)) open, \(grouped(status.openCalls)) calls"
      ))
    lines.append(("tenants", grouped(status.tenants)))
    for limit in status.limits {
      lines.append(("limit \(limit.name)", "struck \(grouped(limit.strikes)) times"))
    }
    for fact in status.facts { lines.append(("  \(fact.fact)", grouped(fact.count))) }
    let width = lines.map(\.0.count).max() ?? 0
    return lines.map { name, value in
      name + String(repeating: " ", count: width - name.count + 2) + value
    }
  }

  private static func revision(_ status: StatusResponse) -> String {
    let applied = status.applied ?? Revision()
    let store = applied.storeId.map { hex($0) }.joined()
    var text = "\(grouped(applied.position)) of store \(store), timeline \(applied.timeline)"
    if let time = status.appliedAt {
      text += ", taken \(timeText(seconds: time.seconds, nanoseconds: time.nanos))"
    }
    return text
  }

  private static func lag(_ status: StatusResponse) -> String {
    if status.lagBatches == 0 { return "none" }
    return "\(grouped(status.lagEvents)) events in \(grouped(status.lagBatches)) batches, "
      + "\(sizeText(status.lagBytes)), \(text(status.lag))"
  }

  private static func disk(_ disk: DiskStatus) -> String {
    (disk.free.map { "\(sizeText($0)) free" } ?? "free space unknown")
      + ", no events are taken below \(sizeText(disk.reserve))"
  }

  private static func log(_ log: LogStatus) -> [(String, String)] {
    var lines = [
      (
        "event log",
        "\(sizeText(log.size)) in \(grouped(log.segments)) segments, limit \(sizeText(log.limit)), "
          + "fdatasync p99 \(text(log.syncP99)), \(grouped(log.queuedBatches)) batches queued"
      )
    ]
    if !log.error.isEmpty { lines.append(("log stopped", log.error)) }
    if !log.upkeepError.isEmpty { lines.append(("log upkeep", log.upkeepError)) }
    return lines
  }

  private static func file(_ store: StoreStatus) -> [(String, String)] {
    var lines = [
      (
        "data file",
        "\(sizeText(store.fileSize)), \(sizeText(store.usedSize)) used, "
          + "\(sizeText(store.freeSize)) free; at most \(sizeText(store.mapSize))"
      )
    ]
    if store.replacedFiles > 0 {
      lines.append(
        (
          "old files",
          "\(grouped(store.replacedFiles)), \(sizeText(store.replacedSize)), read still"
        ))
    }
    if store.compacting || store.compactions > 0 {
      lines.append(
        (
          "compacted",
          "\(grouped(store.compactions)) times" + (store.compacting ? ", and running" : "")
        ))
    }
    if !store.compactionError.isEmpty {
      lines.append(("compaction failed", store.compactionError))
    }
    return lines
  }

  private static func readers(_ readers: ReaderStatus) -> [(String, String)] {
    [
      (
        "readers",
        "\(grouped(readers.openTransactions)) open, oldest \(text(readers.oldestTransaction))"
      ),
      (
        "reports",
        "\(grouped(readers.runningReports)) running, \(grouped(readers.waitingReports)) waiting, "
          + "\(sizeText(readers.spoolSize)) spooled"
      ),
    ]
  }

  private static func text(_ duration: Google.Protobuf.Duration?) -> String {
    guard let duration else { return durationText(.zero) }
    return durationText(.seconds(duration.seconds) + .nanoseconds(Int64(duration.nanos)))
  }

  private static func hex(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}
