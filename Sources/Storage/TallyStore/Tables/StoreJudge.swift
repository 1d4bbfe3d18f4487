internal import LMDB

/// Judges the records of a data file before it is opened: their checksums, and whether they are
/// those that `tally` counts.
///
/// A checksum proves one record; only the sums of a table prove that none is missing, none is there
/// twice, and none is an older one put back.
final class StoreJudge: RecordJudge {
  /// T and table.
  private struct Owner: Hashable {
    var tenant: UInt32
    var table: UInt8
  }

  private var table: TableID = .meta
  private var found: [Owner: RecordTally] = [:]
  private var stated: [Owner: RecordTally] = [:]
  /// Of the tenant whose records come now, added to `found` when the next one's come.
  private var tenant: UInt32 = 0
  private var sum = RecordTally()

  private static let tables = Dictionary(
    uniqueKeysWithValues: TableID.allCases.map { ($0.name, $0) })

  func begin(table name: String) -> String? {
    flush()
    guard let table = Self.tables[name] else { return "there is no table of that name" }
    self.table = table
    return nil
  }

  func judge(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> String? {
    let body: UnsafeRawBufferPointer
    do throws(StoreError) {
      body = try Checksum.open(value, at: key, in: table, atLeast: 0)
    } catch { return "its checksum is not that of its key and value" }
    if table.isTallied {
      guard key.count >= 4 else { return "its key has no tenant" }
      let owner = key.big(0, as: UInt32.self)
      if owner != tenant {
        flush()
        tenant = owner
      }
      sum.records += 1
      sum.checksums &+= UInt64(value.little(body.count, as: UInt32.self))
    } else if table == .tally {
      guard key.count == 5, body.count >= RecordTally.size else { return "it is no sum" }
      stated[Owner(tenant: key.big(0), table: key[4])] = RecordTally(body)
    }
    return nil
  }

  func end() -> String? {
    flush()
    for owner in Set(found.keys).union(stated.keys) {
      let (found, stated) = (found[owner] ?? RecordTally(), stated[owner] ?? RecordTally())
      if found == stated { continue }
      let name = TableID(rawValue: owner.table)?.name ?? "\(owner.table)"
      let what =
        if found.records == stated.records {
          "\(found.records) records that are not those which 'tally' sums up: some were exchanged"
        } else {
          "\(found.records) records, and 'tally' says \(stated.records):"
            + " some were lost or came twice"
        }
      return "table '\(name)' has of tenant \(owner.tenant) \(what)"
    }
    return nil
  }

  private func flush() {
    if sum != RecordTally() {
      found[Owner(tenant: tenant, table: table.rawValue), default: RecordTally()].add(sum)
    }
    sum = RecordTally()
  }
}
