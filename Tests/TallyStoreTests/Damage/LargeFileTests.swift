internal import Foundation
internal import LMDB
internal import TallyModel
internal import TestSupport
internal import Testing

@testable internal import TallyStore

/// A data file that is larger than what is read whole at start: flipped bits in the keys and values
/// of its records, met by reports.
@Suite struct `damage to a large data file` {
  private enum Outcome: Equatable {
    case refused
    case same
    /// Reports that are not what they were, and no error.
    case changed([String])
  }

  private enum Answer: Equatable {
    case rows([ReportRow])
    case refusal(QueryRefusal)
    case damage
  }

  private func answers(_ database: Database) throws -> [Answer] {
    let reports = SnapshotReports(database: database)
    return try History.queries.map { query in
      do {
        return .rows(try reports.read(query))
      } catch let refusal as QueryRefusal {
        return .refusal(refusal)
      } catch let error as StoreError {
        #expect(error.code == .dataLoss)
        #expect(error.message.contains("backup"), "\(error.message)")
        return .damage
      }
    }
  }

  private func outcome(
    _ bytes: [UInt8], _ directory: StoreDirectory, originals: [Answer]
  ) throws -> Outcome {
    SmallStore.write(bytes, to: directory)
    let database: Database
    do throws(StoreError) {
      database = try Database(directory: directory.path, options: .init(mapSizeBytes: 64 << 20))
    } catch {
      #expect(error.code == .dataLoss)
      return .refused
    }
    let found = try answers(database)
    let changed = zip(History.queries, zip(originals, found))
      .filter { $1.1 != .damage && $1.0 != $1.1 }
    if !changed.isEmpty { return .changed(changed.map { "\($0.0)" }) }
    return found.contains(.damage) ? .refused : .same
  }

  @Test func `is met as damage, or no report changes but where a key is looked up`() throws {
    let store = try SmallStore()
    let directory = try StoreDirectory()
    SmallStore.write(store.bytes, to: directory)
    let originals = try answers(try directory.open())
    #expect(!originals.contains(.damage))
    var random = SplitMix64(seed: 17)
    var bytes = store.bytes
    var counts = [0, 0, 0]

    let places = recordBytes(of: &bytes).shuffled(using: &random)
    for place in places.prefix(SmallStore.isLong ? 3_000 : 100) {
      let old = bytes[place.offset]
      bytes[place.offset] ^= 1 << UInt8.random(in: 0...7, using: &random)
      let outcome = try outcome(bytes, directory, originals: originals)
      switch outcome {
      case .refused: counts[0] += 1
      case .same: counts[1] += 1
      case .changed(let queries):
        counts[2] += 1
        // A value is never believed: only a look at one key can miss it. Verify sees it.
        #expect(place.isKey, "byte \(place.offset) changes \(queries)")
        #expect(SmallStore.fault(bytes) != nil)
      }
      bytes[place.offset] = old
    }
    print("flips in records: \(counts[0]) met, \(counts[1]) without effect, \(counts[2]) not met")
    #expect(counts[2] * 10 < counts[0] + counts[1])
  }

  /// Where the keys and values of records in use lie.
  private func recordBytes(of bytes: inout [UInt8]) -> [(offset: Int, isKey: Bool)] {
    var places: [(offset: Int, isKey: Bool)] = []
    for page in stride(from: 8_192, to: bytes.count, by: 4_096) where bytes[page + 10] == 2 {
      bytes[page + 10] = 6
      let isUsed = SmallStore.fault(bytes) != nil
      bytes[page + 10] = 2
      guard isUsed else { continue }
      let lower = little(bytes, page + 12)
      for offset in stride(from: page + 16, to: page + lower, by: 2) {
        let node = page + little(bytes, offset)
        let (keyBytes, flags) = (little(bytes, node + 6), little(bytes, node + 4))
        let valueBytes = flags == 1 ? 8 : little(bytes, node)
        for place in 0..<keyBytes { places.append((node + 8 + place, true)) }
        // The number of a page that holds the value elsewhere leads LMDB astray: for Verify.
        if flags == 1 { continue }
        for place in 0..<valueBytes { places.append((node + 8 + keyBytes + place, false)) }
      }
    }
    return places
  }

  private func little(_ bytes: [UInt8], _ offset: Int) -> Int {
    Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
  }
}
