// swift-format-ignore-file
// Made by Scripts/generate from proto/. Do not edit.

package import CProtobufC
internal import CTallyMessages
package import GRPC
public import Protobuf

extension Grpc.Health.V1 {

  /// `grpc.health.v1.HealthCheckRequest`
  public struct HealthCheckRequest: Message {
    public static let fullName = "grpc.health.v1.HealthCheckRequest"

    /// Field 1, `service`.
    public var service: String

    /// What is left out is unset, empty or 0.
    public init(
      service: String = ""
    ) {
      self.service = service
    }
  }

  /// `grpc.health.v1.HealthCheckResponse`
  public struct HealthCheckResponse: Message {
    public static let fullName = "grpc.health.v1.HealthCheckResponse"

    /// Field 1, `status`.
    public var status: Grpc.Health.V1.HealthCheckResponse.ServingStatus

    /// An enum of grpc.health.v1.HealthCheckResponse.ServingStatus.
    public struct ServingStatus: OpenEnum {
      public var rawValue: Int32
      public init(rawValue: Int32) { self.rawValue = rawValue }

      /// `UNKNOWN`
      public static let unknown = Self(rawValue: 0)

      /// `SERVING`
      public static let serving = Self(rawValue: 1)

      /// `NOT_SERVING`
      public static let notServing = Self(rawValue: 2)

      /// Used only by the Watch method.
      public static let serviceUnknown = Self(rawValue: 3)
    }

    /// What is left out is unset, empty or 0.
    public init(
      status: Grpc.Health.V1.HealthCheckResponse.ServingStatus = Grpc.Health.V1.HealthCheckResponse.ServingStatus(rawValue: 0)
    ) {
      self.status = status
    }
  }

  /// `grpc.health.v1.HealthListRequest`
  public struct HealthListRequest: Message {
    public static let fullName = "grpc.health.v1.HealthListRequest"

    /// What is left out is unset, empty or 0.
    public init() {}
  }

  /// `grpc.health.v1.HealthListResponse`
  public struct HealthListResponse: Message {
    public static let fullName = "grpc.health.v1.HealthListResponse"

    /// statuses contains all the services and their respective status.
    public var statuses: [Grpc.Health.V1.HealthListResponse.StatusesEntry]

    /// `grpc.health.v1.HealthListResponse.StatusesEntry`
    public struct StatusesEntry: Message {
      public static let fullName = "grpc.health.v1.HealthListResponse.StatusesEntry"

      /// Field 1, `key`.
      public var key: String

      /// Field 2, `value`.
      public var value: Grpc.Health.V1.HealthCheckResponse?

      /// What is left out is unset, empty or 0.
      public init(
        key: String = "",
        value: Grpc.Health.V1.HealthCheckResponse? = nil
      ) {
        self.key = key
        self.value = value
      }
    }

    /// What is left out is unset, empty or 0.
    public init(
      statuses: [Grpc.Health.V1.HealthListResponse.StatusesEntry] = []
    ) {
      self.statuses = statuses
    }
  }

  /// What serves `grpc.health.v1.Health`.
  package protocol HealthServer: Sendable {
    /// If the requested service is unknown, the call will fail with status
    /// NOT_FOUND.
    func check(
      _ request: Grpc.Health.V1.HealthCheckRequest, _ call: ServerCall
    ) throws(RPCError) -> Grpc.Health.V1.HealthCheckResponse

    /// Performs a watch for the serving status of the requested service.
    /// The server will immediately send back a message indicating the current
    /// serving status.  It will then subsequently send a new message whenever
    /// the service's serving status changes.
    ///
    /// If the requested service is unknown when the call is received, the
    /// server will send a message setting the serving status to
    /// SERVICE_UNKNOWN but will *not* terminate the call.  If at some
    /// future point, the serving status of the service becomes known, the
    /// server will send a new message with the service's serving status.
    ///
    /// If the call terminates with status UNIMPLEMENTED, then clients
    /// should assume this method is not supported and should not retry the
    /// call.  If the call terminates with any other status (including OK),
    /// clients should retry the call with appropriate exponential backoff.
    func watch(
      _ request: Grpc.Health.V1.HealthCheckRequest, _ call: ServerCall
    ) throws(RPCError) -> any ResponseBody

    /// List provides a non-atomic snapshot of the health of all the available
    /// services.
    ///
    /// The server may respond with a RESOURCE_EXHAUSTED error if too many services
    /// exist.
    ///
    /// Clients should set a deadline when calling List, and can declare the server
    /// unhealthy if they do not receive a timely response.
    ///
    /// Clients should keep in mind that the list of health services exposed by an
    /// application can change over the lifetime of the process.
    func list(
      _ request: Grpc.Health.V1.HealthListRequest, _ call: ServerCall
    ) throws(RPCError) -> Grpc.Health.V1.HealthListResponse
  }

  /// Calls of `grpc.health.v1.Health`.
  package struct HealthClient: Sendable {
    package let channel: GRPCChannel

    package init(_ channel: GRPCChannel) { self.channel = channel }

    /// If the requested service is unknown, the call will fail with status
    /// NOT_FOUND.
    package func check(
      _ request: Grpc.Health.V1.HealthCheckRequest, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Grpc.Health.V1.HealthCheckResponse {
      let reply = try await channel.unary(
        "/grpc.health.v1.Health/Check", request.messageBytes(), options: options)
      return try Grpc.Health.V1.HealthCheckResponse(response: reply)
    }

    /// Performs a watch for the serving status of the requested service.
    /// The server will immediately send back a message indicating the current
    /// serving status.  It will then subsequently send a new message whenever
    /// the service's serving status changes.
    ///
    /// If the requested service is unknown when the call is received, the
    /// server will send a message setting the serving status to
    /// SERVICE_UNKNOWN but will *not* terminate the call.  If at some
    /// future point, the serving status of the service becomes known, the
    /// server will send a new message with the service's serving status.
    ///
    /// If the call terminates with status UNIMPLEMENTED, then clients
    /// should assume this method is not supported and should not retry the
    /// call.  If the call terminates with any other status (including OK),
    /// clients should retry the call with appropriate exponential backoff.
    package func watch(
      _ request: Grpc.Health.V1.HealthCheckRequest, options: CallOptions = CallOptions()
    ) -> Responses<Grpc.Health.V1.HealthCheckResponse> {
      Responses(
        channel.serverStreaming(
          "/grpc.health.v1.Health/Watch", request.messageBytes(), options: options))
    }

    /// List provides a non-atomic snapshot of the health of all the available
    /// services.
    ///
    /// The server may respond with a RESOURCE_EXHAUSTED error if too many services
    /// exist.
    ///
    /// Clients should set a deadline when calling List, and can declare the server
    /// unhealthy if they do not receive a timely response.
    ///
    /// Clients should keep in mind that the list of health services exposed by an
    /// application can change over the lifetime of the process.
    package func list(
      _ request: Grpc.Health.V1.HealthListRequest, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Grpc.Health.V1.HealthListResponse {
      let reply = try await channel.unary(
        "/grpc.health.v1.Health/List", request.messageBytes(), options: options)
      return try Grpc.Health.V1.HealthListResponse(response: reply)
    }
  }
}

extension Grpc.Health.V1.HealthServer {
  /// The service's methods, for a server.
  package var methods: [ServerMethod] {
    [
      ServerMethod("/grpc.health.v1.Health/Check", .unary { (bytes, call) throws(RPCError) in
        try check(Grpc.Health.V1.HealthCheckRequest(request: bytes), call).messageBytes()
      }),
      ServerMethod("/grpc.health.v1.Health/Watch", .serverStreaming { (bytes, call) throws(RPCError) in
        try watch(Grpc.Health.V1.HealthCheckRequest(request: bytes), call)
      }),
      ServerMethod("/grpc.health.v1.Health/List", .unary { (bytes, call) throws(RPCError) in
        try list(Grpc.Health.V1.HealthListRequest(request: bytes), call).messageBytes()
      }),
    ]
  }
}

extension Grpc.Health.V1.HealthCheckRequest {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Grpc__Health__V1__HealthCheckRequest()
    grpc__health__v1__health_check_request__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Grpc__Health__V1__HealthCheckRequest>) throws(DecodeError) {
    self.service = try Unpacked.text(c.pointee.service, "grpc.health.v1.HealthCheckRequest.service")
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !service.isEmpty { out.text(1, service) }
  }
}

extension Grpc.Health.V1.HealthCheckResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Grpc__Health__V1__HealthCheckResponse()
    grpc__health__v1__health_check_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Grpc__Health__V1__HealthCheckResponse>) throws(DecodeError) {
    self.status = .init(rawValue: Int32(truncatingIfNeeded: c.pointee.status.rawValue))
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if status.rawValue != 0 { out.varint(1, UInt64(bitPattern: Int64(status.rawValue))) }
  }
}

extension Grpc.Health.V1.HealthListRequest {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Grpc__Health__V1__HealthListRequest()
    grpc__health__v1__health_list_request__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Grpc__Health__V1__HealthListRequest>) throws(DecodeError) {
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
  }
}

extension Grpc.Health.V1.HealthListResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Grpc__Health__V1__HealthListResponse()
    grpc__health__v1__health_list_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Grpc__Health__V1__HealthListResponse>) throws(DecodeError) {
    self.statuses = try Unpacked.messages(c.pointee.n_statuses, c.pointee.statuses, Grpc.Health.V1.HealthListResponse.StatusesEntry.init)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    for value in statuses { out.message(1, value) }
  }
}

extension Grpc.Health.V1.HealthListResponse.StatusesEntry {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Grpc__Health__V1__HealthListResponse__StatusesEntry()
    grpc__health__v1__health_list_response__statuses_entry__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Grpc__Health__V1__HealthListResponse__StatusesEntry>) throws(DecodeError) {
    self.key = try Unpacked.text(c.pointee.key, "grpc.health.v1.HealthListResponse.StatusesEntry.key")
    self.value = try Unpacked.message(c.pointee.value, Grpc.Health.V1.HealthCheckResponse.init)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !key.isEmpty { out.text(1, key) }
    if let value = value { out.message(2, value) }
  }
}
