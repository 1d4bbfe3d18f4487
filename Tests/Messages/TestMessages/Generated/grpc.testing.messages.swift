// swift-format-ignore-file
// Made by Scripts/generate from proto/. Do not edit.

package import CProtobufC
internal import CTestMessages
public import Protobuf
public import TallyMessages

extension Grpc.Testing {

  /// The type of payload that should be returned.
  public struct PayloadType: OpenEnum {
    public var rawValue: Int32
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// Compressable text format.
    public static let compressable = Self(rawValue: 0)
  }

  /// The type of route that a client took to reach a server w.r.t. gRPCLB.
  /// The server must fill in "fallback" if it detects that the RPC reached
  /// the server via the "gRPCLB fallback" path, and "backend" if it detects
  /// that the RPC reached the server via "gRPCLB backend" path (i.e. if it got
  /// the address of this server from the gRPCLB server BalanceLoad RPC). Exactly
  /// how this detection is done is context and server dependent.
  public struct GrpclbRouteType: OpenEnum {
    public var rawValue: Int32
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// Server didn't detect the route that a client took to reach it.
    public static let unknown = Self(rawValue: 0)

    /// Indicates that a client reached a server via gRPCLB fallback.
    public static let fallback = Self(rawValue: 1)

    /// Indicates that a client reached a server as a gRPCLB-given backend.
    public static let backend = Self(rawValue: 2)
  }

  /// TODO(dgq): Go back to using well-known types once
  /// https://github.com/grpc/grpc/issues/6980 has been fixed.
  /// import "google/protobuf/wrappers.proto";
  public struct BoolValue: Message {
    public static let fullName = "grpc.testing.BoolValue"

    /// The bool value.
    public var value: Bool

    /// What is left out is unset, empty or 0.
    public init(
      value: Bool = false
    ) {
      self.value = value
    }
  }

  /// A block of data, to simply increase gRPC message size.
  public struct Payload: Message {
    public static let fullName = "grpc.testing.Payload"

    /// The type of data in body.
    public var type: Grpc.Testing.PayloadType

    /// Primary contents of payload.
    public var body: [UInt8]

    /// What is left out is unset, empty or 0.
    public init(
      type: Grpc.Testing.PayloadType = Grpc.Testing.PayloadType(rawValue: 0),
      body: [UInt8] = []
    ) {
      self.type = type
      self.body = body
    }
  }

  /// A protobuf representation for grpc status. This is used by test
  /// clients to specify a status that the server should attempt to return.
  public struct EchoStatus: Message {
    public static let fullName = "grpc.testing.EchoStatus"

    /// Field 1, `code`.
    public var code: Int32

    /// Field 2, `message`.
    public var message: String

    /// What is left out is unset, empty or 0.
    public init(
      code: Int32 = 0,
      message: String = ""
    ) {
      self.code = code
      self.message = message
    }
  }

  /// Unary request.
  public struct SimpleRequest: Message {
    public static let fullName = "grpc.testing.SimpleRequest"

    /// Desired payload type in the response from the server.
    /// If response_type is RANDOM, server randomly chooses one from other formats.
    public var responseType: Grpc.Testing.PayloadType

    /// Desired payload size in the response from the server.
    public var responseSize: Int32

    /// Optional input payload sent along with the request.
    public var payload: Grpc.Testing.Payload?

    /// Whether SimpleResponse should include username.
    public var fillUsername: Bool

    /// Whether SimpleResponse should include OAuth scope.
    public var fillOauthScope: Bool

    /// Whether to request the server to compress the response. This field is
    /// "nullable" in order to interoperate seamlessly with clients not able to
    /// implement the full compression tests by introspecting the call to verify
    /// the response's compression status.
    public var responseCompressed: Grpc.Testing.BoolValue?

    /// Whether server should return a given status
    public var responseStatus: Grpc.Testing.EchoStatus?

    /// Whether the server should expect this request to be compressed.
    public var expectCompressed: Grpc.Testing.BoolValue?

    /// Whether SimpleResponse should include server_id.
    public var fillServerId: Bool

    /// Whether SimpleResponse should include grpclb_route_type.
    public var fillGrpclbRouteType: Bool

    /// What is left out is unset, empty or 0.
    public init(
      responseType: Grpc.Testing.PayloadType = Grpc.Testing.PayloadType(rawValue: 0),
      responseSize: Int32 = 0,
      payload: Grpc.Testing.Payload? = nil,
      fillUsername: Bool = false,
      fillOauthScope: Bool = false,
      responseCompressed: Grpc.Testing.BoolValue? = nil,
      responseStatus: Grpc.Testing.EchoStatus? = nil,
      expectCompressed: Grpc.Testing.BoolValue? = nil,
      fillServerId: Bool = false,
      fillGrpclbRouteType: Bool = false
    ) {
      self.responseType = responseType
      self.responseSize = responseSize
      self.payload = payload
      self.fillUsername = fillUsername
      self.fillOauthScope = fillOauthScope
      self.responseCompressed = responseCompressed
      self.responseStatus = responseStatus
      self.expectCompressed = expectCompressed
      self.fillServerId = fillServerId
      self.fillGrpclbRouteType = fillGrpclbRouteType
    }
  }

  /// Unary response, as configured by the request.
  public struct SimpleResponse: Message {
    public static let fullName = "grpc.testing.SimpleResponse"

    /// Payload to increase message size.
    public var payload: Grpc.Testing.Payload?

    /// The user the request came from, for verifying authentication was
    /// successful when the client expected it.
    public var username: String

    /// OAuth scope.
    public var oauthScope: String

    /// Server ID. This must be unique among different server instances,
    /// but the same across all RPC's made to a particular server instance.
    public var serverId: String

    /// gRPCLB Path.
    public var grpclbRouteType: Grpc.Testing.GrpclbRouteType

    /// Server hostname.
    public var hostname: String

    /// What is left out is unset, empty or 0.
    public init(
      payload: Grpc.Testing.Payload? = nil,
      username: String = "",
      oauthScope: String = "",
      serverId: String = "",
      grpclbRouteType: Grpc.Testing.GrpclbRouteType = Grpc.Testing.GrpclbRouteType(rawValue: 0),
      hostname: String = ""
    ) {
      self.payload = payload
      self.username = username
      self.oauthScope = oauthScope
      self.serverId = serverId
      self.grpclbRouteType = grpclbRouteType
      self.hostname = hostname
    }
  }

  /// Client-streaming request.
  public struct StreamingInputCallRequest: Message {
    public static let fullName = "grpc.testing.StreamingInputCallRequest"

    /// Optional input payload sent along with the request.
    public var payload: Grpc.Testing.Payload?

    /// Whether the server should expect this request to be compressed. This field
    /// is "nullable" in order to interoperate seamlessly with servers not able to
    /// implement the full compression tests by introspecting the call to verify
    /// the request's compression status.
    public var expectCompressed: Grpc.Testing.BoolValue?

    /// What is left out is unset, empty or 0.
    public init(
      payload: Grpc.Testing.Payload? = nil,
      expectCompressed: Grpc.Testing.BoolValue? = nil
    ) {
      self.payload = payload
      self.expectCompressed = expectCompressed
    }
  }

  /// Client-streaming response.
  public struct StreamingInputCallResponse: Message {
    public static let fullName = "grpc.testing.StreamingInputCallResponse"

    /// Aggregated size of payloads received from the client.
    public var aggregatedPayloadSize: Int32

    /// What is left out is unset, empty or 0.
    public init(
      aggregatedPayloadSize: Int32 = 0
    ) {
      self.aggregatedPayloadSize = aggregatedPayloadSize
    }
  }

  /// Configuration for a particular response.
  public struct ResponseParameters: Message {
    public static let fullName = "grpc.testing.ResponseParameters"

    /// Desired payload sizes in responses from the server.
    public var size: Int32

    /// Desired interval between consecutive responses in the response stream in
    /// microseconds.
    public var intervalUs: Int32

    /// Whether to request the server to compress the response. This field is
    /// "nullable" in order to interoperate seamlessly with clients not able to
    /// implement the full compression tests by introspecting the call to verify
    /// the response's compression status.
    public var compressed: Grpc.Testing.BoolValue?

    /// What is left out is unset, empty or 0.
    public init(
      size: Int32 = 0,
      intervalUs: Int32 = 0,
      compressed: Grpc.Testing.BoolValue? = nil
    ) {
      self.size = size
      self.intervalUs = intervalUs
      self.compressed = compressed
    }
  }

  /// Server-streaming request.
  public struct StreamingOutputCallRequest: Message {
    public static let fullName = "grpc.testing.StreamingOutputCallRequest"

    /// Desired payload type in the response from the server.
    /// If response_type is RANDOM, the payload from each response in the stream
    /// might be of different types. This is to simulate a mixed type of payload
    /// stream.
    public var responseType: Grpc.Testing.PayloadType

    /// Configuration for each expected response message.
    public var responseParameters: [Grpc.Testing.ResponseParameters]

    /// Optional input payload sent along with the request.
    public var payload: Grpc.Testing.Payload?

    /// Whether server should return a given status
    public var responseStatus: Grpc.Testing.EchoStatus?

    /// What is left out is unset, empty or 0.
    public init(
      responseType: Grpc.Testing.PayloadType = Grpc.Testing.PayloadType(rawValue: 0),
      responseParameters: [Grpc.Testing.ResponseParameters] = [],
      payload: Grpc.Testing.Payload? = nil,
      responseStatus: Grpc.Testing.EchoStatus? = nil
    ) {
      self.responseType = responseType
      self.responseParameters = responseParameters
      self.payload = payload
      self.responseStatus = responseStatus
    }
  }

  /// Server-streaming response, as configured by the request and parameters.
  public struct StreamingOutputCallResponse: Message {
    public static let fullName = "grpc.testing.StreamingOutputCallResponse"

    /// Payload to increase response size.
    public var payload: Grpc.Testing.Payload?

    /// What is left out is unset, empty or 0.
    public init(
      payload: Grpc.Testing.Payload? = nil
    ) {
      self.payload = payload
    }
  }
}

extension Grpc.Testing.BoolValue {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Grpc__Testing__BoolValue()
    grpc__testing__bool_value__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Grpc__Testing__BoolValue>) throws(DecodeError) {
    self.value = c.pointee.value != 0
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if value { out.varint(1, value ? 1 : 0) }
  }
}

extension Grpc.Testing.Payload {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Grpc__Testing__Payload()
    grpc__testing__payload__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Grpc__Testing__Payload>) throws(DecodeError) {
    self.type = .init(rawValue: Int32(truncatingIfNeeded: c.pointee.type.rawValue))
    self.body = Unpacked.blob(c.pointee.body)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if type.rawValue != 0 { out.varint(1, UInt64(bitPattern: Int64(type.rawValue))) }
    if !body.isEmpty { out.blob(2, body) }
  }
}

extension Grpc.Testing.EchoStatus {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Grpc__Testing__EchoStatus()
    grpc__testing__echo_status__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Grpc__Testing__EchoStatus>) throws(DecodeError) {
    self.code = c.pointee.code
    self.message = try Unpacked.text(c.pointee.message, "grpc.testing.EchoStatus.message")
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if code != 0 { out.varint(1, UInt64(bitPattern: Int64(code))) }
    if !message.isEmpty { out.text(2, message) }
  }
}

extension Grpc.Testing.SimpleRequest {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Grpc__Testing__SimpleRequest()
    grpc__testing__simple_request__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Grpc__Testing__SimpleRequest>) throws(DecodeError) {
    self.responseType = .init(rawValue: Int32(truncatingIfNeeded: c.pointee.response_type.rawValue))
    self.responseSize = c.pointee.response_size
    self.payload = try Unpacked.message(c.pointee.payload, Grpc.Testing.Payload.init)
    self.fillUsername = c.pointee.fill_username != 0
    self.fillOauthScope = c.pointee.fill_oauth_scope != 0
    self.responseCompressed = try Unpacked.message(c.pointee.response_compressed, Grpc.Testing.BoolValue.init)
    self.responseStatus = try Unpacked.message(c.pointee.response_status, Grpc.Testing.EchoStatus.init)
    self.expectCompressed = try Unpacked.message(c.pointee.expect_compressed, Grpc.Testing.BoolValue.init)
    self.fillServerId = c.pointee.fill_server_id != 0
    self.fillGrpclbRouteType = c.pointee.fill_grpclb_route_type != 0
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if responseType.rawValue != 0 { out.varint(1, UInt64(bitPattern: Int64(responseType.rawValue))) }
    if responseSize != 0 { out.varint(2, UInt64(bitPattern: Int64(responseSize))) }
    if let value = payload { out.message(3, value) }
    if fillUsername { out.varint(4, fillUsername ? 1 : 0) }
    if fillOauthScope { out.varint(5, fillOauthScope ? 1 : 0) }
    if let value = responseCompressed { out.message(6, value) }
    if let value = responseStatus { out.message(7, value) }
    if let value = expectCompressed { out.message(8, value) }
    if fillServerId { out.varint(9, fillServerId ? 1 : 0) }
    if fillGrpclbRouteType { out.varint(10, fillGrpclbRouteType ? 1 : 0) }
  }
}

extension Grpc.Testing.SimpleResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Grpc__Testing__SimpleResponse()
    grpc__testing__simple_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Grpc__Testing__SimpleResponse>) throws(DecodeError) {
    self.payload = try Unpacked.message(c.pointee.payload, Grpc.Testing.Payload.init)
    self.username = try Unpacked.text(c.pointee.username, "grpc.testing.SimpleResponse.username")
    self.oauthScope = try Unpacked.text(c.pointee.oauth_scope, "grpc.testing.SimpleResponse.oauth_scope")
    self.serverId = try Unpacked.text(c.pointee.server_id, "grpc.testing.SimpleResponse.server_id")
    self.grpclbRouteType = .init(rawValue: Int32(truncatingIfNeeded: c.pointee.grpclb_route_type.rawValue))
    self.hostname = try Unpacked.text(c.pointee.hostname, "grpc.testing.SimpleResponse.hostname")
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if let value = payload { out.message(1, value) }
    if !username.isEmpty { out.text(2, username) }
    if !oauthScope.isEmpty { out.text(3, oauthScope) }
    if !serverId.isEmpty { out.text(4, serverId) }
    if grpclbRouteType.rawValue != 0 { out.varint(5, UInt64(bitPattern: Int64(grpclbRouteType.rawValue))) }
    if !hostname.isEmpty { out.text(6, hostname) }
  }
}

extension Grpc.Testing.StreamingInputCallRequest {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Grpc__Testing__StreamingInputCallRequest()
    grpc__testing__streaming_input_call_request__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Grpc__Testing__StreamingInputCallRequest>) throws(DecodeError) {
    self.payload = try Unpacked.message(c.pointee.payload, Grpc.Testing.Payload.init)
    self.expectCompressed = try Unpacked.message(c.pointee.expect_compressed, Grpc.Testing.BoolValue.init)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if let value = payload { out.message(1, value) }
    if let value = expectCompressed { out.message(2, value) }
  }
}

extension Grpc.Testing.StreamingInputCallResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Grpc__Testing__StreamingInputCallResponse()
    grpc__testing__streaming_input_call_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Grpc__Testing__StreamingInputCallResponse>) throws(DecodeError) {
    self.aggregatedPayloadSize = c.pointee.aggregated_payload_size
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if aggregatedPayloadSize != 0 { out.varint(1, UInt64(bitPattern: Int64(aggregatedPayloadSize))) }
  }
}

extension Grpc.Testing.ResponseParameters {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Grpc__Testing__ResponseParameters()
    grpc__testing__response_parameters__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Grpc__Testing__ResponseParameters>) throws(DecodeError) {
    self.size = c.pointee.size
    self.intervalUs = c.pointee.interval_us
    self.compressed = try Unpacked.message(c.pointee.compressed, Grpc.Testing.BoolValue.init)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if size != 0 { out.varint(1, UInt64(bitPattern: Int64(size))) }
    if intervalUs != 0 { out.varint(2, UInt64(bitPattern: Int64(intervalUs))) }
    if let value = compressed { out.message(3, value) }
  }
}

extension Grpc.Testing.StreamingOutputCallRequest {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Grpc__Testing__StreamingOutputCallRequest()
    grpc__testing__streaming_output_call_request__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Grpc__Testing__StreamingOutputCallRequest>) throws(DecodeError) {
    self.responseType = .init(rawValue: Int32(truncatingIfNeeded: c.pointee.response_type.rawValue))
    self.responseParameters = try Unpacked.messages(c.pointee.n_response_parameters, c.pointee.response_parameters, Grpc.Testing.ResponseParameters.init)
    self.payload = try Unpacked.message(c.pointee.payload, Grpc.Testing.Payload.init)
    self.responseStatus = try Unpacked.message(c.pointee.response_status, Grpc.Testing.EchoStatus.init)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if responseType.rawValue != 0 { out.varint(1, UInt64(bitPattern: Int64(responseType.rawValue))) }
    for value in responseParameters { out.message(2, value) }
    if let value = payload { out.message(3, value) }
    if let value = responseStatus { out.message(7, value) }
  }
}

extension Grpc.Testing.StreamingOutputCallResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Grpc__Testing__StreamingOutputCallResponse()
    grpc__testing__streaming_output_call_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Grpc__Testing__StreamingOutputCallResponse>) throws(DecodeError) {
    self.payload = try Unpacked.message(c.pointee.payload, Grpc.Testing.Payload.init)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if let value = payload { out.message(1, value) }
  }
}
