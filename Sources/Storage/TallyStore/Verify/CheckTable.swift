internal import LMDB

/// One table of the snapshot that is being checked: walks it, and looks records up beside the walk.
///
/// Nothing here throws: what cannot be read is a finding. Bytes are valid as long as the
/// transaction, in which nothing is written meanwhile.
final class CheckTable {
  /// What a look-up met.
  enum Found {
    case absent
    /// There is something, and it is not sound.
    case damaged
    /// The value without its checksum.
    case sound(UnsafeRawBufferPointer)
  }

  /// What a walk met.
  enum Met {
    case sound(key: UnsafeRawBufferPointer, body: UnsafeRawBufferPointer)
    case damaged(key: UnsafeRawBufferPointer, String)
    /// The pages do not hang together here: the walk ends, or a search does not lead where it does.
    case broken(after: [UInt8], String)
  }

  let id: TableID
  private var walker: Cursor
  private var finder: Cursor
  /// Of the records walked with `sums`.
  private(set) var sum = RecordTally()
  /// Whether `sum` has all records of the last prefix.
  private(set) var isSumWhole = true

  init(_ id: TableID, _ walker: consuming Cursor, _ finder: consuming Cursor) {
    self.id = id
    self.walker = walker
    self.finder = finder
  }

  /// - Returns: what lies at `key`; `absent` also where the pages do not lead there.
  func find(_ key: UnsafeRawBufferPointer) -> Found {
    guard (try? finder.find(key.bytes)) == true else { return .absent }
    guard let body = body(finder.uncheckedValue, at: key) else { return .damaged }
    return .sound(body)
  }

  /// The value at `key` if it is sound.
  func sound(_ key: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    if case .sound(let body) = find(key) { return body }
    return nil
  }

  /// Shows every record whose key starts with `prefix`, in order.
  ///
  /// - Parameter sums: whether `sum` begins anew and counts them.
  func walk(_ prefix: [UInt8], sums: Bool, _ show: (Met) -> Void) {
    if sums {
      sum = RecordTally()
      isSumWhole = true
    }
    var previous = UnsafeRawBufferPointer.none
    do throws(LMDBError) {
      var isThere =
        prefix.isEmpty ? try walker.move(.first) : try walker.seek(prefix.span.bytes)
      while isThere, walker.hasPrefix(prefix.span.bytes) {
        let key = walker.uncheckedKey
        guard previous.baseAddress == nil || previous.order(key) < 0 else {
          if sums { isSumWhole = false }
          show(.broken(after: previous.array, "the key that follows does not come after it"))
          return
        }
        previous = key
        take(key, walker.uncheckedValue, sums: sums, show)
        isThere = try walker.move(.next)
      }
    } catch {
      if sums { isSumWhole = false }
      show(.broken(after: previous.array, error.message))
    }
  }

  private func take(
    _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, sums: Bool,
    _ show: (Met) -> Void
  ) {
    if sums, value.count >= Checksum.size, value.count <= Scratch.capacity {
      sum.records &+= 1
      sum.checksums &+= UInt64(value.little(value.count - Checksum.size, as: UInt32.self))
    }
    var wrong: String?
    let body = body(value, at: key)
    if key.count < id.keySizeMin || id.keySize.map({ key.count != $0 }) ?? false {
      wrong = "a key of \(key.count) bytes"
    } else if body == nil {
      wrong = "\(value.count) bytes: their checksum or their number is wrong"
    } else if sums, !isFound(key, value) {
      show(.broken(after: key.array, "a walk meets this record, and a search does not"))
      return
    }
    if let wrong {
      if sums, body == nil { isSumWhole = false }
      show(.damaged(key: key, wrong))
    } else if let body {
      show(.sound(key: key, body: body))
    }
  }

  private func isFound(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool {
    (try? finder.find(key.bytes)) == true
      && finder.uncheckedValue.baseAddress == value.baseAddress
  }

  private func body(
    _ value: UnsafeRawBufferPointer, at key: UnsafeRawBufferPointer
  ) -> UnsafeRawBufferPointer? {
    let count = value.count - Checksum.size
    // Beyond what any record has, the bytes may not even be there.
    guard count >= id.valueSizeMin, count <= Scratch.capacity else { return nil }
    let body = UnsafeRawBufferPointer(start: value.baseAddress, count: count)
    return value.little(count, as: UInt32.self) == Checksum.of(key, body) ? body : nil
  }
}

/// All tables of one transaction.
final class CheckTables {
  private let tables: [CheckTable]

  init(
    _ handles: Tables, _ transaction: borrowing ReadTransaction
  ) throws(StoreError) {
    var tables: [CheckTable] = []
    for id in TableID.allCases {
      do throws(LMDBError) {
        tables.append(
          CheckTable(
            id, try transaction.cursor(handles[id]), try transaction.cursor(handles[id])))
      } catch { throw StoreError(error) }
    }
    self.tables = tables
  }

  init(
    _ handles: Tables, _ transaction: borrowing WriteTransaction
  ) throws(StoreError) {
    var tables: [CheckTable] = []
    for id in TableID.allCases {
      do throws(LMDBError) {
        tables.append(
          CheckTable(
            id, try transaction.cursor(handles[id]), try transaction.cursor(handles[id])))
      } catch { throw StoreError(error) }
    }
    self.tables = tables
  }

  subscript(_ id: TableID) -> CheckTable { tables[Int(id.rawValue) - 1] }
}
