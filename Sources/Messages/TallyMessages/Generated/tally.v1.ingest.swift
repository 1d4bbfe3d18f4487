// swift-format-ignore-file
// Made by Scripts/generate from proto/. Do not edit.

package import CProtobufC
internal import CTallyMessages
package import GRPC
public import Protobuf

/// When a batch is answered.
public struct AnswerWhen: OpenEnum {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// As DURABLE.
  public static let unspecified = Self(rawValue: 0)

  /// Once the batch is on disk and survives a crash.
  public static let durable = Self(rawValue: 1)

  /// Once the batch is in the reports too; the answer then counts what it changed.
  public static let applied = Self(rawValue: 2)
}

/// Why an event was not taken, or changed nothing.
public struct VerdictReason: OpenEnum {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// `VERDICT_REASON_UNSPECIFIED`
  public static let unspecified = Self(rawValue: 0)

  /// Refused: the event holds no fact that this server knows.
  public static let noFact = Self(rawValue: 1)

  /// Refused: a required field is missing.
  public static let missing = Self(rawValue: 2)

  /// Refused: fields that exclude each other are set.
  public static let conflict = Self(rawValue: 3)

  /// Refused: an id or a text is too long, or a list holds too many.
  public static let tooLong = Self(rawValue: 4)

  /// Refused: text that is not UTF-8, or holds a NUL.
  public static let invalidText = Self(rawValue: 5)

  /// Refused: an enum value that is unspecified, unknown or not allowed here.
  public static let invalidValue = Self(rawValue: 6)

  /// Refused: a time outside its range.
  public static let timeOutOfRange = Self(rawValue: 7)

  /// Taken, changed nothing: the same version of the same fact is stored already.
  public static let duplicate = Self(rawValue: 8)

  /// Taken, changed nothing: a later version of the fact is stored already.
  public static let superseded = Self(rawValue: 9)
}

/// One batch.
public struct IngestRequest: Message {
  public static let fullName = "tally.v1.IngestRequest"

  /// Whose events: 1 to 128 bytes of UTF-8 without NUL. A tenant comes into being with its first
  /// batch. Required.
  public var tenant: String

  /// The client's own number of the batch, echoed in the answer.
  public var sequence: UInt64

  /// At most 10,000.
  public var events: [Event]

  /// Field 4, `answer_when`.
  public var answerWhen: AnswerWhen

  /// Judge the batch as if it were taken with APPLIED, and change nothing.
  public var dryRun: Bool

  /// What is left out is unset, empty or 0.
  public init(
    tenant: String = "",
    sequence: UInt64 = 0,
    events: [Event] = [],
    answerWhen: AnswerWhen = AnswerWhen(rawValue: 0),
    dryRun: Bool = false
  ) {
    self.tenant = tenant
    self.sequence = sequence
    self.events = events
    self.answerWhen = answerWhen
    self.dryRun = dryRun
  }
}

/// The answer to one batch.
public struct IngestResponse: Message {
  public static let fullName = "tally.v1.IngestResponse"

  /// The request's.
  public var sequence: UInt64

  /// A report at this revision or later contains the batch. The newest revision if nothing of the
  /// batch was taken or it was a dry run.
  public var revision: Revision?

  /// How many events of the batch were taken.
  public var taken: UInt64

  /// Why events were not taken, in the order of the events; with APPLIED and dry_run also why
  /// events changed nothing.
  public var verdicts: [Verdict]

  /// With APPLIED and dry_run only: taken events that became the version that stands.
  public var applied: UInt64?

  /// With APPLIED and dry_run only: taken events that were stored already, the same in every field.
  public var duplicate: UInt64?

  /// With APPLIED and dry_run only: taken events older than the version that stands.
  public var superseded: UInt64?

  /// What is left out is unset, empty or 0.
  public init(
    sequence: UInt64 = 0,
    revision: Revision? = nil,
    taken: UInt64 = 0,
    verdicts: [Verdict] = [],
    applied: UInt64? = nil,
    duplicate: UInt64? = nil,
    superseded: UInt64? = nil
  ) {
    self.sequence = sequence
    self.revision = revision
    self.taken = taken
    self.verdicts = verdicts
    self.applied = applied
    self.duplicate = duplicate
    self.superseded = superseded
  }
}

/// What became of one event.
public struct Verdict: Message {
  public static let fullName = "tally.v1.Verdict"

  /// Its place in the batch, from 0.
  public var index: UInt32

  /// Field 2, `reason`.
  public var reason: VerdictReason

  /// The field at fault as a path from the event, such as `comment.course_id`. Empty if none is.
  public var field: String

  /// For a person: what is wrong and what to do.
  public var message: String

  /// What is left out is unset, empty or 0.
  public init(
    index: UInt32 = 0,
    reason: VerdictReason = VerdictReason(rawValue: 0),
    field: String = "",
    message: String = ""
  ) {
    self.index = index
    self.reason = reason
    self.field = field
    self.message = message
  }
}

/// What serves `tally.v1.IngestService`.
package protocol IngestServiceServer: Sendable {
  /// Takes batches of events and answers each in the order of the requests. Many batches may be
  /// under way at once; the server bounds them by flow control.
  ///
  /// A bad event never fails its batch: it gets a verdict, the good ones of the batch are durable
  /// together or not at all. Sending a batch again is harmless: facts are registers.
  ///
  /// Errors: INVALID_ARGUMENT for a batch that cannot be taken as a whole (no or bad tenant, more
  /// than 10,000 events), RESOURCE_EXHAUSTED for a message above 4 MiB or a store that is full,
  /// UNAVAILABLE when a batch may or may not have been stored: send it again.
  func ingest(
    _ requests: Requests<IngestRequest>, _ replies: Replies<IngestResponse>, _ call: ServerCall
  ) async throws(RPCError)
}

/// Calls of `tally.v1.IngestService`.
package struct IngestServiceClient: Sendable {
  package let channel: GRPCChannel

  package init(_ channel: GRPCChannel) { self.channel = channel }

  /// Takes batches of events and answers each in the order of the requests. Many batches may be
  /// under way at once; the server bounds them by flow control.
  ///
  /// A bad event never fails its batch: it gets a verdict, the good ones of the batch are durable
  /// together or not at all. Sending a batch again is harmless: facts are registers.
  ///
  /// Errors: INVALID_ARGUMENT for a batch that cannot be taken as a whole (no or bad tenant, more
  /// than 10,000 events), RESOURCE_EXHAUSTED for a message above 4 MiB or a store that is full,
  /// UNAVAILABLE when a batch may or may not have been stored: send it again.
  package func ingest(
    options: CallOptions = CallOptions()
  ) -> TypedCall<IngestRequest, IngestResponse> {
    TypedCall(channel.call("/tally.v1.IngestService/Ingest", options: options))
  }
}

extension IngestServiceServer {
  /// The service's methods, for a server.
  package var methods: [ServerMethod] {
    [
      ServerMethod("/tally.v1.IngestService/Ingest", .streaming { (requests, writer, call) async throws(RPCError) in
        try await ingest(Requests(requests), Replies(writer), call)
      }),
    ]
  }
}

extension IngestRequest {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__IngestRequest()
    tally__v1__ingest_request__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__IngestRequest>) throws(DecodeError) {
    self.tenant = try Unpacked.text(c.pointee.tenant, "tally.v1.IngestRequest.tenant")
    self.sequence = c.pointee.sequence
    self.events = try Unpacked.messages(c.pointee.n_events, c.pointee.events, Event.init)
    self.answerWhen = .init(rawValue: Int32(truncatingIfNeeded: c.pointee.answer_when.rawValue))
    self.dryRun = c.pointee.dry_run != 0
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !tenant.isEmpty { out.text(1, tenant) }
    if sequence != 0 { out.varint(2, sequence) }
    for value in events { out.message(3, value) }
    if answerWhen.rawValue != 0 { out.varint(4, UInt64(bitPattern: Int64(answerWhen.rawValue))) }
    if dryRun { out.varint(5, dryRun ? 1 : 0) }
  }
}

extension IngestResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__IngestResponse()
    tally__v1__ingest_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__IngestResponse>) throws(DecodeError) {
    self.sequence = c.pointee.sequence
    self.revision = try Unpacked.message(c.pointee.revision, Revision.init)
    self.taken = c.pointee.taken
    self.verdicts = try Unpacked.messages(c.pointee.n_verdicts, c.pointee.verdicts, Verdict.init)
    self.applied = c.pointee._applied_case.rawValue == 5 ? c.pointee.applied : nil
    self.duplicate = c.pointee._duplicate_case.rawValue == 6 ? c.pointee.duplicate : nil
    self.superseded = c.pointee._superseded_case.rawValue == 7 ? c.pointee.superseded : nil
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if sequence != 0 { out.varint(1, sequence) }
    if let value = revision { out.message(2, value) }
    if taken != 0 { out.varint(3, taken) }
    for value in verdicts { out.message(4, value) }
    if let value = applied { out.varint(5, value) }
    if let value = duplicate { out.varint(6, value) }
    if let value = superseded { out.varint(7, value) }
  }
}

extension Verdict {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__Verdict()
    tally__v1__verdict__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__Verdict>) throws(DecodeError) {
    self.index = c.pointee.index
    self.reason = .init(rawValue: Int32(truncatingIfNeeded: c.pointee.reason.rawValue))
    self.field = try Unpacked.text(c.pointee.field, "tally.v1.Verdict.field")
    self.message = try Unpacked.text(c.pointee.message, "tally.v1.Verdict.message")
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if index != 0 { out.varint(1, UInt64(index)) }
    if reason.rawValue != 0 { out.varint(2, UInt64(bitPattern: Int64(reason.rawValue))) }
    if !field.isEmpty { out.text(3, field) }
    if !message.isEmpty { out.text(4, message) }
  }
}
