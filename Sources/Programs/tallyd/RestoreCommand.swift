internal import ArgumentParser
internal import TallyStore

/// `tallyd restore`
struct RestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Makes a data directory of a backup.",
    discussion: """
      The whole backup is checked before anything is made. The directory must be new or empty. The \
      store in it begins a new timeline: revisions of before are refused from then on.

      One exception: where the event log of the same store is there and data.mdb is not, the log \
      brings the backup up to date when tallyd serves, and the timeline goes on: nothing that was \
      acknowledged is lost.
      """)

  @Argument(help: "What 'tally backup' wrote.", completion: .file())
  var file: String

  @Option(help: "The directory of the store; made if there is none.", completion: .directory)
  var data: String

  func run() async throws {
    do throws(StoreError) {
      print(Self.text(try Restore.run(file, into: data), data))
    } catch {
      throw Tallyd.failure(error.message)
    }
  }

  private static func text(_ restored: Restored, _ directory: String) -> String {
    let position = restored.backup.applied.position
    guard let events = restored.unappliedEvents else {
      return "restored '\(directory)' at position \(position), on the new timeline "
        + "\(restored.identity.timeline)"
    }
    return "restored '\(directory)' at position \(position); its log goes on from there with "
      + "\(events) events, on the same timeline \(restored.identity.timeline)"
  }
}
