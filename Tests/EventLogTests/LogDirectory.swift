internal import EventLog
internal import Foundation
internal import Synchronization
internal import Testing

/// A directory for one test's log, gone with it.
final class LogDirectory {
  static let identity = LogIdentity(storeID: Array(1...16), timeline: 1)

  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "tally-log-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Small segments, and no marks unless a test waits for them.
  static func options(_ operations: FileOperations = FileOperations()) -> LogOptions {
    var options = LogOptions()
    options.segmentBytes = 64 << 10
    options.markAfterNanoseconds = 3_600_000_000_000
    options.operations = operations
    return options
  }

  func open(
    applied: UInt64 = 0, options: LogOptions = LogDirectory.options(),
    identity: LogIdentity = LogDirectory.identity
  ) throws -> EventLog {
    try EventLog(directory: path, identity: identity, applied: applied, options: options)
  }

  /// Closes the log while its directory is still there.
  func close(_ log: EventLog) { log.close() }

  var segments: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".seg") }
        .sorted()
    }
  }

  func bytes(of name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)))
  }

  func replace(_ name: String, with bytes: [UInt8]) throws {
    // Without the sync that Foundation adds: thousands of images are written.
    let file = fopen(path + "/" + name, "w")
    #expect(file != nil && fwrite(bytes, 1, bytes.count, file) == bytes.count)
    #expect(fclose(file) == 0)
  }
}

extension EventLog {
  /// Appends without waiting.
  func add(
    _ payload: [UInt8], tenant: String = "t",
    completion: @escaping @Sendable (Result<UInt64, EventLogError>) -> Void = { _ in }
  ) {
    append(
      LogEntry(
        kind: .batch, tenant: Array(tenant.utf8), payload: payload, eventCount: 1, acceptedAt: 7,
        completion: completion))
  }

  /// Appends and waits for the answer.
  func addAndWait(_ payload: [UInt8], tenant: String = "t") -> Result<UInt64, EventLogError> {
    let answer = Monitor<Result<UInt64, EventLogError>?>(nil)
    add(payload, tenant: tenant) { result in answer.change { $0 = result } }
    return answer.wait { $0 } ?? .failure(EventLogError(code: .io, message: "no answer"))
  }

  /// The payloads of all records above `position`, by position.
  func payloads(after position: UInt64 = 0) throws -> [UInt64: [UInt8]] {
    let reader = reader(after: position)
    var found: [UInt64: [UInt8]] = [:]
    while let record = try reader.next({ ($0.position, Array($0.payload)) }) {
      found[record.0] = record.1
    }
    return found
  }
}

/// Deterministic bytes, different for each number.
func payload(_ number: Int, count: Int = 20) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: number &* 37 &+ $0 &* 11 &+ 1) }
}

/// Counts operations of the log, and lets tests fail or hold chosen ones.
final class Faults: Sendable {
  struct Seen: Sendable {
    var operation: FileOperations.Operation
    var path: String
  }

  private let seen = Mutex<[Seen]>([])
  private let held = Monitor(false)
  private let choose: @Sendable (FileOperations.Operation, Int) -> FileOperations.Fault?

  /// `choose` gets the operation and how many of its kind there were before.
  init(
    _ choose: @escaping @Sendable (FileOperations.Operation, Int) -> FileOperations.Fault? = {
      _, _ in nil
    }
  ) {
    self.choose = choose
  }

  var operations: FileOperations {
    var operations = FileOperations()
    operations.fault = { operation, path in
      let before = self.seen.withLock { seen in
        defer { seen.append(Seen(operation: operation, path: path)) }
        return seen.count { $0.operation == operation }
      }
      if operation == .syncRecords { _ = self.held.wait { $0 ? nil : true } }
      return self.choose(operation, before)
    }
    return operations
  }

  func count(_ operation: FileOperations.Operation) -> Int {
    seen.withLock { seen in seen.count { $0.operation == operation } }
  }

  func paths(_ operation: FileOperations.Operation) -> [String] {
    seen.withLock { seen in seen.filter { $0.operation == operation }.map(\.path) }
  }

  /// Keeps syncs of records from returning.
  func hold() { held.change { $0 = true } }
  func release() { held.change { $0 = false } }
}
