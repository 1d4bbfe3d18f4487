// swift-format-ignore-file
// Made by Scripts/generate from proto/. Do not edit.

internal import CProtobufC
internal import CTallyMessages
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
}

extension Grpc.Health.V1.HealthCheckRequest {
  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    var c = Grpc__Health__V1__HealthCheckRequest()
    grpc__health__v1__health_check_request__init(&c)
    let arena = try Arena(unpacking: bytes, as: c.base.descriptor)
    self = try arena.read(Self.init)
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
  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    var c = Grpc__Health__V1__HealthCheckResponse()
    grpc__health__v1__health_check_response__init(&c)
    let arena = try Arena(unpacking: bytes, as: c.base.descriptor)
    self = try arena.read(Self.init)
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
