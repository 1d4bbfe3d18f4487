internal import Foundation
package import TallyModel

/// A sample: its events, and the files that they must give.
package struct Fixture: Sendable, CustomStringConvertible {
  package let name: String
  /// The event file, NDJSON, compressed or not: what a user would ingest.
  package let eventFile: String
  private let expectedFile: String

  package static let edgeCases = Fixture("edge-cases", "events.ndjson")
  package static let frenchMeta = Fixture("french-meta", "events.ndjson.gz")
  package static let oulad = Fixture("oulad", "events.ndjson.gz")
  package static let all = [edgeCases, frenchMeta, oulad]

  private init(_ name: String, _ events: String) {
    let folder = "\(Self.folder)/\(name)"
    self.name = name
    eventFile = "\(folder)/\(events)"
    expectedFile = "\(folder)/expected.tar.gz"
  }

  /// `Tests/Fixtures`.
  package static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures").path

  package var description: String { name }

  /// The events in the order of the file.
  package func events() throws -> [Event] {
    try contentsOfFile(eventFile).split(separator: UInt8(ascii: "\n"))
      .map { try Event(line: Data($0)) }
  }

  /// The expected files by name, such as `groups.csv`.
  package func expected() throws -> [String: [UInt8]] {
    try filesOfTarArchive(contentsOfFile(expectedFile))
  }
}
