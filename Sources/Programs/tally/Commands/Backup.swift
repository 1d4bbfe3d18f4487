internal import ArgumentParser
internal import TallyClient
internal import TallyMessages

/// `tally backup`
struct BackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Writes a backup of the whole store, all tenants, to a file.",
    discussion: """
      The server goes on working meanwhile. The file appears when all of it is on disk: until then \
      it is FILE.unfinished, which a failure removes and the next attempt replaces. Keep it on \
      another machine: it holds names, addresses and all activity, unencrypted.

      tallyd restore FILE --data DIR makes a store of it.
      """)

  @Argument(help: "The file to write.", completion: .file())
  var file: String

  @Flag(help: "Replace the file if it is there.")
  var force = false

  @Flag(name: [.short, .long], help: "No progress.")
  var quiet = false

  @OptionGroup var connection: ConnectionOptions

  func validate() throws {
    if file.isEmpty || file.hasSuffix("/") { throw ValidationError("Name a file to write.") }
  }

  func run() async throws {
    let client = try connection.connect(usually: nil)
    let start = ContinuousClock.now
    let result = await write(from: client)
    await client.close()
    let header = try result.get()
    let revision = header.revision ?? Revision()
    print(
      "\(sizeText(header.size)) in \(durationText(ContinuousClock.now - start)): position "
        + "\(grouped(revision.position)), timeline \(revision.timeline), of store "
        + revision.storeId.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
  }

  private func write(from client: TallyClient) async -> Result<BackupHeader, CommandError> {
    do throws(CommandError) {
      let target = try BackupOutput(file, replaces: force)
      return .success(try await copy(from: client, to: target))
    } catch {
      return .failure(error)
    }
  }

  private func copy(
    from client: TallyClient, to target: BackupOutput
  ) async throws(CommandError) -> BackupHeader {
    var progress = Progress(look: Progress.fitting(quiet: quiet), things: "MB")
    defer { progress.clear() }
    do {
      let backup = try await client.backup(timeout: connection.timeout?.duration)
      var done: UInt64 = 0
      for try await piece in backup {
        try target.write(piece)
        done += UInt64(piece.count)
        progress.update(
          Progress.State(done: done, total: backup.header.size, count: done / 1_000_000))
      }
      try target.commit()
      return backup.header
    } catch let error as CommandError {
      throw error
    } catch let error as TallyError {
      throw error.forPeople
    } catch {
      throw CommandError(code: .server, message: "\(error)")
    }
  }
}
