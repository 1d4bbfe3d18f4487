internal import TallyModel

/// Makes the derived records of one tenant again from its facts, and compares.
///
/// Used by one thread, on one transaction. What it needs besides the pages: 34 bytes for each user,
/// group, course, activity and path of the tenant, and the findings.
///
/// ```
/// entities ─► directory ─► what users do ─► counters ─► sums
/// ```
final class TenantCheck {
  let name: String
  let tenant: Tenant
  let tables: CheckTables
  /// The position that the tables contain.
  let applied: UInt64
  let keys = Scratch(bytes: 1 << 10)
  let nameKeys = Scratch(bytes: 64)
  let values = Scratch()
  private let differencesMax: Int
  private let onRecords: (Int, TableID) -> Void

  private(set) var findings: [Finding] = []
  /// Findings beyond those that are kept.
  private(set) var uncounted: UInt64 = 0
  /// Facts are damaged or missing: nothing derived from them can be trusted.
  private(set) var factsInDoubt = false
  private var reported: Set<[UInt8]> = []
  private var sinceProgress = 0

  /// By number: the raw value of `EntityKind`, 0 before its record was met.
  var kinds: [UInt8]
  /// By number: the flags of a user, and whether its counters were met.
  var flags: [UInt8]
  /// By number: eight counters, as many as a course has.
  var counts: [UInt32]
  var stamped: Set<UInt64> = []
  /// What is looked up by a name would only tell of the name again.
  var namesAreSound = true
  static let met: UInt8 = 128

  /// - Parameters:
  ///   - differencesMax: findings to keep; what is beyond is counted.
  ///   - onRecords: told at the start of each table, and then now and then how many more were read.
  init(
    _ tenant: Tenant, named name: String, in tables: CheckTables, applied: UInt64,
    differencesMax: Int, onRecords: @escaping (Int, TableID) -> Void
  ) {
    self.tenant = tenant
    self.name = name
    self.tables = tables
    self.applied = applied
    self.differencesMax = differencesMax
    self.onRecords = onRecords
    let count = Int(tenant.nextNumber)
    kinds = Array(repeating: 0, count: count)
    flags = Array(repeating: 0, count: count)
    counts = Array(repeating: 0, count: count * 8)
  }

  /// Checks all of the tenant.
  func run() {
    checkEntities()
    checkNames()
    checkDirectory()
    checkPlaces()
    checkRelations()
    checkActions()
    checkBehind()
    checkCounters()
    checkSums()
    tell(.tally)
    if factsInDoubt {
      for index in findings.indices { findings[index].difference.isMendable = false }
    }
  }

  // MARK: Findings

  func report(
    _ kind: Difference.Kind, _ table: TableID, _ key: UnsafeRawBufferPointer, stored: String,
    expected: String, mending: Mending? = nil
  ) {
    if table.holdsFacts || kind == .reference { factsInDoubt = true }
    guard reported.count < differencesMax else {
      uncounted += 1
      return
    }
    guard reported.insert([table.rawValue] + key.array).inserted else { return }
    findings.append(
      Finding(
        difference: Difference(
          kind: kind, table: table.name, tenant: name, key: key.array,
          name: keyText(table, key), stored: stored, expected: expected,
          isMendable: mending != nil),
        table: table, mending: mending))
  }

  /// From now on nothing derived is mended.
  func doubtFacts() { factsInDoubt = true }

  // MARK: Walking

  var prefix: [UInt8] { withUnsafeBytes(of: tenant.number.bigEndian) { Array($0) } }

  /// Walks the tenant's records of a table; damage is reported.
  ///
  /// - Parameters:
  ///   - sums: for the one walk in which records are counted.
  ///   - damaged: what to do about a record that cannot be read, if not the usual.
  func walk(
    _ id: TableID, sums: Bool = true,
    _ body: (_ key: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer) -> Void,
    damaged: ((UnsafeRawBufferPointer, String) -> Void)? = nil
  ) {
    if sums { tell(id) }
    tables[id].walk(prefix, sums: sums) { met in
      if sums { countProgress(id) }
      switch met {
      case .sound(let key, let value): body(key, value)
      case .damaged(let key, let what):
        if !sums { return }
        if let damaged {
          damaged(key, what)
        } else {
          reportDamage(id, key, what, mending: id.holdsFacts ? nil : .delete)
        }
      case .broken(let after, let what):
        if !sums { return }
        factsInDoubt = true
        after.withUnsafeBytes {
          report(
            .damaged, id, $0, stored: what,
            expected: "pages that hang together: restore a backup")
        }
      }
    }
  }

  func reportDamage(
    _ id: TableID, _ key: UnsafeRawBufferPointer, _ what: String, mending: Mending?
  ) {
    report(
      .damaged, id, key, stored: what,
      expected: id.holdsFacts
        ? "a sound record: restore a backup" : "what the facts make of it",
      mending: mending)
  }

  private func countProgress(_ id: TableID) {
    sinceProgress += 1
    if sinceProgress >= 4_096 { tell(id) }
  }

  private func tell(_ id: TableID) {
    onRecords(sinceProgress, id)
    sinceProgress = 0
  }

  // MARK: Comparing

  /// Compares a derived record with what it has to be.
  func expect(
    _ id: TableID, _ key: UnsafeRawBufferPointer, _ expected: [UInt8],
    isSame: ((UnsafeRawBufferPointer) -> Bool)? = nil
  ) {
    switch tables[id].find(key) {
    case .absent:
      report(
        .missing, id, key, stored: "nothing", expected: valueText(id, expected),
        mending: .put(expected))
    case .damaged:
      report(
        .damaged, id, key, stored: "bytes that do not match their checksum",
        expected: valueText(id, expected), mending: .put(expected))
    case .sound(let body):
      if isSame.map({ $0(body) }) ?? body.elementsEqual(expected) { return }
      report(
        .wrong, id, key, stored: valueText(id, body.array), expected: valueText(id, expected),
        mending: .put(expected))
    }
  }

  /// A derived record for which there is no fact.
  func extra(_ id: TableID, _ key: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer) {
    report(
      .extra, id, key, stored: valueText(id, body.array), expected: "nothing", mending: .delete)
  }

  /// Whether a fact may name this number as one of the kind; 0 names nobody.
  func isNumber(_ number: UInt32, of kind: EntityKind) -> Bool {
    if number == 0 { return true }
    return number < kinds.count && kinds[Int(number)] == kind.rawValue
  }

  /// Reports a fact that names what is not there.
  func checkReference(
    _ number: UInt32, _ kind: EntityKind, _ id: TableID, _ key: UnsafeRawBufferPointer
  ) {
    if isNumber(number, of: kind) { return }
    report(
      .reference, id, key, stored: "it names number \(number) as a \(kind)",
      expected: "the number of a \(kind): restore a backup")
  }

  /// The bytes of a value that `fill` writes.
  func value(_ fill: (inout ByteWriter) -> Void) -> [UInt8] {
    var writer = values.writer
    fill(&writer)
    return writer.bytes.array
  }

  /// The id behind a number, empty if there is none.
  func id(of number: UInt32) -> UnsafeRawBufferPointer {
    if number == 0 { return .none }
    var key = nameKeys.writer
    Key.number(tenant.number, number, into: &key)
    guard let body = tables[.name].sound(key.bytes) else { return .none }
    return NameRecord.id(body)
  }
}
