internal import GRPC
internal import TallyMessages
internal import TallyStore

/// Makes and judges the handles by which a broken report is continued.
///
/// A handle has 94 bytes, numbers little-endian:
///
/// ```
/// 0 version 1 | 1 report u8 | 2 store id 16 | 18 timeline u32 | 22 position u64
/// 30 request 16 | 46 caller 16 | 62 HMAC-SHA-256 of bytes 0 to 61, 32
/// ```
/// Request and caller are the first bytes of their own HMAC: a handle tells nothing about them.
struct ReportHandles: Sendable {
  private static let version: UInt8 = 1
  private static let signedSize = 62
  private static let digestSize = 16

  private let signature: Signature
  private let identity: StoreIdentity

  init(key: [UInt8], identity: StoreIdentity) {
    signature = Signature(key: key)
    self.identity = identity
  }

  /// What a handle belongs to, whatever the revision.
  struct Origin: Sendable {
    fileprivate let report: UInt8
    fileprivate let request: ArraySlice<UInt8>
    fileprivate let caller: ArraySlice<UInt8>
  }

  /// - Parameter request: what of its options decides no row may differ from call to call.
  func origin(of request: some ReportQuestion, _ call: ServerCall) -> Origin {
    var request = request
    if var options = request.options {
      options.continueHandle = []
      options.afterId = nil
      options.minRevision = nil
      options.maxRowsPerPart = 0
      request.options = options == ReportOptions() ? nil : options
    }
    let report = type(of: request).report.rawValue
    return Origin(
      report: report,
      request: digest("request", [report] + request.encoded()),
      caller: digest("caller", Self.bytes(of: call.identity)))
  }

  /// The handle of a report at `position`.
  func handle(_ origin: Origin, at position: UInt64) -> [UInt8] {
    let signed = signed(origin, identity, position)
    return signed + signature(of: signed)
  }

  /// Judges a handle that came with a request.
  ///
  /// - Returns: the position of the snapshot that it was made for.
  /// - Throws: as api.md has it for `continue_handle`.
  func position(of handle: [UInt8], _ origin: Origin) throws(RPCError) -> UInt64 {
    guard handle.count == Self.signedSize + Signature.size, handle[0] == Self.version else {
      throw Self.invalid("is no handle: pass that of the report's header as it came")
    }
    // Before the signature, whose key a restore makes anew.
    var place = handle.dropFirst(2)
    guard Array(place.prefix(16)) == identity.storeID,
      Self.number(&place, skipping: 16, as: UInt32.self) == identity.timeline
    else {
      throw RPCError(
        .failedPrecondition, .otherStore,
        "continue_handle is of another store or timeline: ask for the report anew",
        field: ("options.continue_handle", "is of another store or timeline"))
    }
    let signed = handle.prefix(Self.signedSize)
    guard Signature.areEqual(signature(of: signed), handle.dropFirst(Self.signedSize)) else {
      throw Self.invalid(
        "is damaged, or the store was restored from a backup since: ask for the report anew")
    }
    guard handle[1] == origin.report, handle[30..<46] == origin.request else {
      throw Self.invalid("is of another request: continue with the request that it came from")
    }
    guard handle[46..<62] == origin.caller else {
      throw RPCError(
        .permissionDenied, .otherCaller,
        "continue_handle was given to another caller: ask for the report anew")
    }
    return Self.number(&place, skipping: 0, as: UInt64.self)
  }

  private func signed(_ origin: Origin, _ identity: StoreIdentity, _ position: UInt64) -> [UInt8] {
    var bytes = [Self.version, origin.report] + identity.storeID
    withUnsafeBytes(of: identity.timeline.littleEndian) { bytes += $0 }
    withUnsafeBytes(of: position.littleEndian) { bytes += $0 }
    bytes += origin.request
    bytes += origin.caller
    assert(bytes.count == Self.signedSize)
    return bytes
  }

  /// What is said of `kind` never equals what is said of another, nor what a handle signs.
  private func digest(_ kind: String, _ bytes: [UInt8]) -> ArraySlice<UInt8> {
    signature(of: Array(kind.utf8) + [0] + bytes).prefix(Self.digestSize)
  }

  /// Names, not the certificate: a caller that renews it is the same one.
  private static func bytes(of identity: PeerIdentity?) -> [UInt8] {
    guard let identity else { return [] }
    let names =
      ["n" + (identity.commonName ?? "")] + identity.uris.map { "u" + $0 }
      + identity.dnsNames.map { "d" + $0 }
    return names.flatMap { Array($0.utf8) + [0] }
  }

  private static func number<Number: FixedWidthInteger>(
    _ bytes: inout ArraySlice<UInt8>, skipping count: Int, as: Number.Type
  ) -> Number {
    bytes = bytes.dropFirst(count)
    let size = MemoryLayout<Number>.size
    let number = bytes.prefix(size).reversed().reduce(Number(0)) { $0 << 8 | Number($1) }
    bytes = bytes.dropFirst(size)
    return number
  }

  private static func invalid(_ rule: String) -> RPCError {
    .invalid("options.continue_handle", rule)
  }
}

/// Which report; part of a handle, so a number is never used again.
enum ReportName: UInt8, Sendable {
  case groupUsers = 1
  case groups = 2
  case courseActivities = 3
  case courses = 4
  case usersBehind = 5
}

/// What the requests of all reports have in common.
protocol ReportQuestion: Message, Sendable {
  static var report: ReportName { get }
  var tenant: String { get }
  var options: ReportOptions? { get set }
}

extension GroupUsersRequest: ReportQuestion {
  static var report: ReportName { .groupUsers }
}

extension GroupsRequest: ReportQuestion {
  static var report: ReportName { .groups }
}

extension CourseActivitiesRequest: ReportQuestion {
  static var report: ReportName { .courseActivities }
}

extension CoursesRequest: ReportQuestion {
  static var report: ReportName { .courses }
}

extension UsersBehindRequest: ReportQuestion {
  static var report: ReportName { .usersBehind }
}
