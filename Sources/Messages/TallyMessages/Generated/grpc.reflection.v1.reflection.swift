// swift-format-ignore-file
// Made by Scripts/generate from proto/. Do not edit.

package import CProtobufC
internal import CTallyMessages
package import GRPC
public import Protobuf

extension Grpc.Reflection.V1 {

  /// The message sent by the client when calling ServerReflectionInfo method.
  public struct ServerReflectionRequest: Message {
    public static let fullName = "grpc.reflection.v1.ServerReflectionRequest"

    /// Field 1, `host`.
    public var host: String

    /// To use reflection service, the client should set one of the following
    /// fields in message_request. The server distinguishes requests by their
    /// defined field and then handles them using corresponding methods.
    public var messageRequest: MessageRequest?

    /// To use reflection service, the client should set one of the following
    /// fields in message_request. The server distinguishes requests by their
    /// defined field and then handles them using corresponding methods.
    public enum MessageRequest: Sendable, Equatable {
      /// Find a proto file by the file name.
      case fileByFilename(String)
      /// Find the proto file that declares the given fully-qualified symbol name.
      /// This field should be a fully-qualified symbol name
      /// (e.g. <package>.<service>[.<method>] or <package>.<type>).
      case fileContainingSymbol(String)
      /// Find the proto file which defines an extension extending the given
      /// message type with the given field number.
      case fileContainingExtension(Grpc.Reflection.V1.ExtensionRequest)
      /// Finds the tag numbers used by all known extensions of the given message
      /// type, and appends them to ExtensionNumberResponse in an undefined order.
      /// Its corresponding method is best-effort: it's not guaranteed that the
      /// reflection service will implement this method, and it's not guaranteed
      /// that this method will provide all extensions. Returns
      /// StatusCode::UNIMPLEMENTED if it's not implemented.
      /// This field should be a fully-qualified type name. The format is
      /// <package>.<type>
      case allExtensionNumbersOfType(String)
      /// List the full names of registered services. The content will not be
      /// checked.
      case listServices(String)
    }

    /// What is left out is unset, empty or 0.
    public init(
      host: String = "",
      messageRequest: MessageRequest? = nil
    ) {
      self.host = host
      self.messageRequest = messageRequest
    }
  }

  /// The type name and extension number sent by the client when requesting
  /// file_containing_extension.
  public struct ExtensionRequest: Message {
    public static let fullName = "grpc.reflection.v1.ExtensionRequest"

    /// Fully-qualified type name. The format should be <package>.<type>
    public var containingType: String

    /// Field 2, `extension_number`.
    public var extensionNumber: Int32

    /// What is left out is unset, empty or 0.
    public init(
      containingType: String = "",
      extensionNumber: Int32 = 0
    ) {
      self.containingType = containingType
      self.extensionNumber = extensionNumber
    }
  }

  /// The message sent by the server to answer ServerReflectionInfo method.
  public struct ServerReflectionResponse: Message {
    public static let fullName = "grpc.reflection.v1.ServerReflectionResponse"

    /// Field 1, `valid_host`.
    public var validHost: String

    /// Field 2, `original_request`.
    public var originalRequest: Grpc.Reflection.V1.ServerReflectionRequest?

    /// The server sets one of the following fields according to the message_request
    /// in the request.
    public var messageResponse: MessageResponse?

    /// The server sets one of the following fields according to the message_request
    /// in the request.
    public enum MessageResponse: Sendable, Equatable {
      /// This message is used to answer file_by_filename, file_containing_symbol,
      /// file_containing_extension requests with transitive dependencies.
      /// As the repeated label is not allowed in oneof fields, we use a
      /// FileDescriptorResponse message to encapsulate the repeated fields.
      /// The reflection service is allowed to avoid sending FileDescriptorProtos
      /// that were previously sent in response to earlier requests in the stream.
      case fileDescriptorResponse(Grpc.Reflection.V1.FileDescriptorResponse)
      /// This message is used to answer all_extension_numbers_of_type requests.
      case allExtensionNumbersResponse(Grpc.Reflection.V1.ExtensionNumberResponse)
      /// This message is used to answer list_services requests.
      case listServicesResponse(Grpc.Reflection.V1.ListServiceResponse)
      /// This message is used when an error occurs.
      case errorResponse(Grpc.Reflection.V1.ErrorResponse)
    }

    /// What is left out is unset, empty or 0.
    public init(
      validHost: String = "",
      originalRequest: Grpc.Reflection.V1.ServerReflectionRequest? = nil,
      messageResponse: MessageResponse? = nil
    ) {
      self.validHost = validHost
      self.originalRequest = originalRequest
      self.messageResponse = messageResponse
    }
  }

  /// Serialized FileDescriptorProto messages sent by the server answering
  /// a file_by_filename, file_containing_symbol, or file_containing_extension
  /// request.
  public struct FileDescriptorResponse: Message {
    public static let fullName = "grpc.reflection.v1.FileDescriptorResponse"

    /// Serialized FileDescriptorProto messages. We avoid taking a dependency on
    /// descriptor.proto, which uses proto2 only features, by making them opaque
    /// bytes instead.
    public var fileDescriptorProto: [[UInt8]]

    /// What is left out is unset, empty or 0.
    public init(
      fileDescriptorProto: [[UInt8]] = []
    ) {
      self.fileDescriptorProto = fileDescriptorProto
    }
  }

  /// A list of extension numbers sent by the server answering
  /// all_extension_numbers_of_type request.
  public struct ExtensionNumberResponse: Message {
    public static let fullName = "grpc.reflection.v1.ExtensionNumberResponse"

    /// Full name of the base type, including the package name. The format
    /// is <package>.<type>
    public var baseTypeName: String

    /// Field 2, `extension_number`.
    public var extensionNumber: [Int32]

    /// What is left out is unset, empty or 0.
    public init(
      baseTypeName: String = "",
      extensionNumber: [Int32] = []
    ) {
      self.baseTypeName = baseTypeName
      self.extensionNumber = extensionNumber
    }
  }

  /// A list of ServiceResponse sent by the server answering list_services request.
  public struct ListServiceResponse: Message {
    public static let fullName = "grpc.reflection.v1.ListServiceResponse"

    /// The information of each service may be expanded in the future, so we use
    /// ServiceResponse message to encapsulate it.
    public var service: [Grpc.Reflection.V1.ServiceResponse]

    /// What is left out is unset, empty or 0.
    public init(
      service: [Grpc.Reflection.V1.ServiceResponse] = []
    ) {
      self.service = service
    }
  }

  /// The information of a single service used by ListServiceResponse to answer
  /// list_services request.
  public struct ServiceResponse: Message {
    public static let fullName = "grpc.reflection.v1.ServiceResponse"

    /// Full name of a registered service, including its package name. The format
    /// is <package>.<service>
    public var name: String

    /// What is left out is unset, empty or 0.
    public init(
      name: String = ""
    ) {
      self.name = name
    }
  }

  /// The error code and error message sent by the server when an error occurs.
  public struct ErrorResponse: Message {
    public static let fullName = "grpc.reflection.v1.ErrorResponse"

    /// This field uses the error codes defined in grpc::StatusCode.
    public var errorCode: Int32

    /// Field 2, `error_message`.
    public var errorMessage: String

    /// What is left out is unset, empty or 0.
    public init(
      errorCode: Int32 = 0,
      errorMessage: String = ""
    ) {
      self.errorCode = errorCode
      self.errorMessage = errorMessage
    }
  }

  /// What serves `grpc.reflection.v1.ServerReflection`.
  package protocol ServerReflectionServer: Sendable {
    /// The reflection service is structured as a bidirectional stream, ensuring
    /// all related requests go to a single server.
    func serverReflectionInfo(
      _ requests: Requests<Grpc.Reflection.V1.ServerReflectionRequest>, _ replies: Replies<Grpc.Reflection.V1.ServerReflectionResponse>, _ call: ServerCall
    ) async throws(RPCError)
  }

  /// Calls of `grpc.reflection.v1.ServerReflection`.
  package struct ServerReflectionClient: Sendable {
    package let channel: GRPCChannel

    package init(_ channel: GRPCChannel) { self.channel = channel }

    /// The reflection service is structured as a bidirectional stream, ensuring
    /// all related requests go to a single server.
    package func serverReflectionInfo(
      options: CallOptions = CallOptions()
    ) -> TypedCall<Grpc.Reflection.V1.ServerReflectionRequest, Grpc.Reflection.V1.ServerReflectionResponse> {
      TypedCall(channel.call("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", options: options))
    }
  }
}

extension Grpc.Reflection.V1.ServerReflectionServer {
  /// The service's methods, for a server.
  package var methods: [ServerMethod] {
    [
      ServerMethod("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", .streaming { (requests, writer, call) async throws(RPCError) in
        try await serverReflectionInfo(Requests(requests), Replies(writer), call)
      }),
    ]
  }
}

extension Grpc.Reflection.V1.ServerReflectionRequest {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Grpc__Reflection__V1__ServerReflectionRequest()
    grpc__reflection__v1__server_reflection_request__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Grpc__Reflection__V1__ServerReflectionRequest>) throws(DecodeError) {
    self.host = try Unpacked.text(c.pointee.host, "grpc.reflection.v1.ServerReflectionRequest.host")
    switch c.pointee.message_request_case.rawValue {
      case 3: self.messageRequest = .fileByFilename(try Unpacked.text(c.pointee.file_by_filename, "grpc.reflection.v1.ServerReflectionRequest.file_by_filename"))
      case 4: self.messageRequest = .fileContainingSymbol(try Unpacked.text(c.pointee.file_containing_symbol, "grpc.reflection.v1.ServerReflectionRequest.file_containing_symbol"))
      case 5: self.messageRequest = try Unpacked.message(c.pointee.file_containing_extension, Grpc.Reflection.V1.ExtensionRequest.init).map { .fileContainingExtension($0) }
      case 6: self.messageRequest = .allExtensionNumbersOfType(try Unpacked.text(c.pointee.all_extension_numbers_of_type, "grpc.reflection.v1.ServerReflectionRequest.all_extension_numbers_of_type"))
      case 7: self.messageRequest = .listServices(try Unpacked.text(c.pointee.list_services, "grpc.reflection.v1.ServerReflectionRequest.list_services"))
      default: self.messageRequest = nil
    }
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !host.isEmpty { out.text(1, host) }
    switch messageRequest {
      case .fileByFilename(let value)?: out.text(3, value)
      case .fileContainingSymbol(let value)?: out.text(4, value)
      case .fileContainingExtension(let value)?: out.message(5, value)
      case .allExtensionNumbersOfType(let value)?: out.text(6, value)
      case .listServices(let value)?: out.text(7, value)
      case nil: break
    }
  }
}

extension Grpc.Reflection.V1.ExtensionRequest {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Grpc__Reflection__V1__ExtensionRequest()
    grpc__reflection__v1__extension_request__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Grpc__Reflection__V1__ExtensionRequest>) throws(DecodeError) {
    self.containingType = try Unpacked.text(c.pointee.containing_type, "grpc.reflection.v1.ExtensionRequest.containing_type")
    self.extensionNumber = c.pointee.extension_number
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !containingType.isEmpty { out.text(1, containingType) }
    if extensionNumber != 0 { out.varint(2, UInt64(bitPattern: Int64(extensionNumber))) }
  }
}

extension Grpc.Reflection.V1.ServerReflectionResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Grpc__Reflection__V1__ServerReflectionResponse()
    grpc__reflection__v1__server_reflection_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Grpc__Reflection__V1__ServerReflectionResponse>) throws(DecodeError) {
    self.validHost = try Unpacked.text(c.pointee.valid_host, "grpc.reflection.v1.ServerReflectionResponse.valid_host")
    self.originalRequest = try Unpacked.message(c.pointee.original_request, Grpc.Reflection.V1.ServerReflectionRequest.init)
    switch c.pointee.message_response_case.rawValue {
      case 4: self.messageResponse = try Unpacked.message(c.pointee.file_descriptor_response, Grpc.Reflection.V1.FileDescriptorResponse.init).map { .fileDescriptorResponse($0) }
      case 5: self.messageResponse = try Unpacked.message(c.pointee.all_extension_numbers_response, Grpc.Reflection.V1.ExtensionNumberResponse.init).map { .allExtensionNumbersResponse($0) }
      case 6: self.messageResponse = try Unpacked.message(c.pointee.list_services_response, Grpc.Reflection.V1.ListServiceResponse.init).map { .listServicesResponse($0) }
      case 7: self.messageResponse = try Unpacked.message(c.pointee.error_response, Grpc.Reflection.V1.ErrorResponse.init).map { .errorResponse($0) }
      default: self.messageResponse = nil
    }
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !validHost.isEmpty { out.text(1, validHost) }
    if let value = originalRequest { out.message(2, value) }
    switch messageResponse {
      case .fileDescriptorResponse(let value)?: out.message(4, value)
      case .allExtensionNumbersResponse(let value)?: out.message(5, value)
      case .listServicesResponse(let value)?: out.message(6, value)
      case .errorResponse(let value)?: out.message(7, value)
      case nil: break
    }
  }
}

extension Grpc.Reflection.V1.FileDescriptorResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Grpc__Reflection__V1__FileDescriptorResponse()
    grpc__reflection__v1__file_descriptor_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Grpc__Reflection__V1__FileDescriptorResponse>) throws(DecodeError) {
    self.fileDescriptorProto = Unpacked.blobs(c.pointee.n_file_descriptor_proto, c.pointee.file_descriptor_proto)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    for value in fileDescriptorProto { out.blob(1, value) }
  }
}

extension Grpc.Reflection.V1.ExtensionNumberResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Grpc__Reflection__V1__ExtensionNumberResponse()
    grpc__reflection__v1__extension_number_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Grpc__Reflection__V1__ExtensionNumberResponse>) throws(DecodeError) {
    self.baseTypeName = try Unpacked.text(c.pointee.base_type_name, "grpc.reflection.v1.ExtensionNumberResponse.base_type_name")
    self.extensionNumber = Unpacked.numbers(c.pointee.n_extension_number, c.pointee.extension_number) { $0 }
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !baseTypeName.isEmpty { out.text(1, baseTypeName) }
    out.packed(2, extensionNumber) { UInt64(bitPattern: Int64($0)) }
  }
}

extension Grpc.Reflection.V1.ListServiceResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Grpc__Reflection__V1__ListServiceResponse()
    grpc__reflection__v1__list_service_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Grpc__Reflection__V1__ListServiceResponse>) throws(DecodeError) {
    self.service = try Unpacked.messages(c.pointee.n_service, c.pointee.service, Grpc.Reflection.V1.ServiceResponse.init)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    for value in service { out.message(1, value) }
  }
}

extension Grpc.Reflection.V1.ServiceResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Grpc__Reflection__V1__ServiceResponse()
    grpc__reflection__v1__service_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Grpc__Reflection__V1__ServiceResponse>) throws(DecodeError) {
    self.name = try Unpacked.text(c.pointee.name, "grpc.reflection.v1.ServiceResponse.name")
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !name.isEmpty { out.text(1, name) }
  }
}

extension Grpc.Reflection.V1.ErrorResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Grpc__Reflection__V1__ErrorResponse()
    grpc__reflection__v1__error_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Grpc__Reflection__V1__ErrorResponse>) throws(DecodeError) {
    self.errorCode = c.pointee.error_code
    self.errorMessage = try Unpacked.text(c.pointee.error_message, "grpc.reflection.v1.ErrorResponse.error_message")
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if errorCode != 0 { out.varint(1, UInt64(bitPattern: Int64(errorCode))) }
    if !errorMessage.isEmpty { out.text(2, errorMessage) }
  }
}
