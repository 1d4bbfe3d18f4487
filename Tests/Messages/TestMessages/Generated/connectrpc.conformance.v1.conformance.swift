// swift-format-ignore-file
// Made by Scripts/generate from proto/. Do not edit.

package import CProtobufC
internal import CTestMessages
public import Protobuf

extension Connectrpc.Conformance.V1 {

  /// An enum of connectrpc.conformance.v1.Compression.
  public struct Compression: OpenEnum {
    public var rawValue: Int32
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// `COMPRESSION_UNSPECIFIED`
    public static let unspecified = Self(rawValue: 0)

    /// `COMPRESSION_IDENTITY`
    public static let identity = Self(rawValue: 1)

    /// `COMPRESSION_GZIP`
    public static let gzip = Self(rawValue: 2)
  }

  /// An enum of connectrpc.conformance.v1.StreamType.
  public struct StreamType: OpenEnum {
    public var rawValue: Int32
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// `STREAM_TYPE_UNSPECIFIED`
    public static let unspecified = Self(rawValue: 0)

    /// `STREAM_TYPE_UNARY`
    public static let unary = Self(rawValue: 1)

    /// `STREAM_TYPE_CLIENT_STREAM`
    public static let clientStream = Self(rawValue: 2)

    /// `STREAM_TYPE_SERVER_STREAM`
    public static let serverStream = Self(rawValue: 3)

    /// `STREAM_TYPE_HALF_DUPLEX_BIDI_STREAM`
    public static let halfDuplexBidiStream = Self(rawValue: 4)

    /// `STREAM_TYPE_FULL_DUPLEX_BIDI_STREAM`
    public static let fullDuplexBidiStream = Self(rawValue: 5)
  }

  /// What the runner writes to a server's stdin, once.
  public struct ServerCompatRequest: Message {
    public static let fullName = "connectrpc.conformance.v1.ServerCompatRequest"

    /// Field 4, `use_tls`.
    public var useTls: Bool

    /// PEM. If it is not empty, clients must show a certificate that this one vouches for.
    public var clientTlsCert: [UInt8]

    /// The largest request message in bytes; 0 is no limit of the runner's.
    public var messageReceiveLimit: UInt32

    /// What the server may use for TLS: good for 127.0.0.1 and localhost.
    public var serverCreds: Connectrpc.Conformance.V1.TLSCreds?

    /// What is left out is unset, empty or 0.
    public init(
      useTls: Bool = false,
      clientTlsCert: [UInt8] = [],
      messageReceiveLimit: UInt32 = 0,
      serverCreds: Connectrpc.Conformance.V1.TLSCreds? = nil
    ) {
      self.useTls = useTls
      self.clientTlsCert = clientTlsCert
      self.messageReceiveLimit = messageReceiveLimit
      self.serverCreds = serverCreds
    }
  }

  /// What the server answers on stdout when it listens.
  public struct ServerCompatResponse: Message {
    public static let fullName = "connectrpc.conformance.v1.ServerCompatResponse"

    /// Field 1, `host`.
    public var host: String

    /// Field 2, `port`.
    public var port: UInt32

    /// PEM; empty without TLS.
    public var pemCert: [UInt8]

    /// What is left out is unset, empty or 0.
    public init(
      host: String = "",
      port: UInt32 = 0,
      pemCert: [UInt8] = []
    ) {
      self.host = host
      self.port = port
      self.pemCert = pemCert
    }
  }

  /// PEM.
  public struct TLSCreds: Message {
    public static let fullName = "connectrpc.conformance.v1.TLSCreds"

    /// Field 1, `cert`.
    public var cert: [UInt8]

    /// Field 2, `key`.
    public var key: [UInt8]

    /// What is left out is unset, empty or 0.
    public init(
      cert: [UInt8] = [],
      key: [UInt8] = []
    ) {
      self.cert = cert
      self.key = key
    }
  }

  /// One call for the client to make, from its stdin.
  public struct ClientCompatRequest: Message {
    public static let fullName = "connectrpc.conformance.v1.ClientCompatRequest"

    /// Field 1, `test_name`.
    public var testName: String

    /// Field 5, `compression`.
    public var compression: Connectrpc.Conformance.V1.Compression

    /// Field 6, `host`.
    public var host: String

    /// Field 7, `port`.
    public var port: UInt32

    /// PEM; if it is not empty, the connection is encrypted and trusts only this certificate.
    public var serverTlsCert: [UInt8]

    /// Field 9, `client_tls_creds`.
    public var clientTlsCreds: Connectrpc.Conformance.V1.TLSCreds?

    /// The largest response message in bytes; 0 is no limit of the runner's.
    public var messageReceiveLimit: UInt32

    /// Field 11, `service`.
    public var service: String?

    /// Field 12, `method`.
    public var method: String?

    /// Field 13, `stream_type`.
    public var streamType: Connectrpc.Conformance.V1.StreamType

    /// Field 15, `request_headers`.
    public var requestHeaders: [Connectrpc.Conformance.V1.Header]

    /// Field 16, `request_messages`.
    public var requestMessages: [Connectrpc.Conformance.V1.Packed]

    /// Field 17, `timeout_ms`.
    public var timeoutMs: UInt32?

    /// Before each request message.
    public var requestDelayMs: UInt32

    /// If present, the client cancels the call.
    public var cancel: Connectrpc.Conformance.V1.ClientCompatRequest.Cancel?

    /// When; right after the half-close if nothing is said.
    public struct Cancel: Message {
      public static let fullName = "connectrpc.conformance.v1.ClientCompatRequest.Cancel"

      /// One of `timing`.
      public var timing: Timing?

      /// One of `timing`.
      public enum Timing: Sendable, Equatable {
        /// Instead of the half-close.
        case beforeCloseSend(Connectrpc.Conformance.V1.ClientCompatRequest.Cancel.Nothing)
        /// Field 2, `after_close_send_ms`.
        case afterCloseSendMs(UInt32)
        /// Field 3, `after_num_responses`.
        case afterNumResponses(UInt32)
      }

      /// Stands for google.protobuf.Empty.
      public struct Nothing: Message {
        public static let fullName = "connectrpc.conformance.v1.ClientCompatRequest.Cancel.Nothing"

        /// What is left out is unset, empty or 0.
        public init() {}
      }

      /// What is left out is unset, empty or 0.
      public init(
        timing: Timing? = nil
      ) {
        self.timing = timing
      }
    }

    /// What is left out is unset, empty or 0.
    public init(
      testName: String = "",
      compression: Connectrpc.Conformance.V1.Compression = Connectrpc.Conformance.V1.Compression(rawValue: 0),
      host: String = "",
      port: UInt32 = 0,
      serverTlsCert: [UInt8] = [],
      clientTlsCreds: Connectrpc.Conformance.V1.TLSCreds? = nil,
      messageReceiveLimit: UInt32 = 0,
      service: String? = nil,
      method: String? = nil,
      streamType: Connectrpc.Conformance.V1.StreamType = Connectrpc.Conformance.V1.StreamType(rawValue: 0),
      requestHeaders: [Connectrpc.Conformance.V1.Header] = [],
      requestMessages: [Connectrpc.Conformance.V1.Packed] = [],
      timeoutMs: UInt32? = nil,
      requestDelayMs: UInt32 = 0,
      cancel: Connectrpc.Conformance.V1.ClientCompatRequest.Cancel? = nil
    ) {
      self.testName = testName
      self.compression = compression
      self.host = host
      self.port = port
      self.serverTlsCert = serverTlsCert
      self.clientTlsCreds = clientTlsCreds
      self.messageReceiveLimit = messageReceiveLimit
      self.service = service
      self.method = method
      self.streamType = streamType
      self.requestHeaders = requestHeaders
      self.requestMessages = requestMessages
      self.timeoutMs = timeoutMs
      self.requestDelayMs = requestDelayMs
      self.cancel = cancel
    }
  }

  /// How a call went, on the client's stdout.
  public struct ClientCompatResponse: Message {
    public static let fullName = "connectrpc.conformance.v1.ClientCompatResponse"

    /// Field 1, `test_name`.
    public var testName: String

    /// One of `result`.
    public var result: Result?

    /// One of `result`.
    public enum Result: Sendable, Equatable {
      /// Field 2, `response`.
      case response(Connectrpc.Conformance.V1.ClientResponseResult)
      /// The call could not be made at all.
      case error(Connectrpc.Conformance.V1.ClientErrorResult)
    }

    /// What is left out is unset, empty or 0.
    public init(
      testName: String = "",
      result: Result? = nil
    ) {
      self.testName = testName
      self.result = result
    }
  }

  /// `connectrpc.conformance.v1.ClientResponseResult`
  public struct ClientResponseResult: Message {
    public static let fullName = "connectrpc.conformance.v1.ClientResponseResult"

    /// Field 1, `response_headers`.
    public var responseHeaders: [Connectrpc.Conformance.V1.Header]

    /// Field 2, `payloads`.
    public var payloads: [Connectrpc.Conformance.V1.ConformancePayload]

    /// Field 3, `error`.
    public var error: Connectrpc.Conformance.V1.Error?

    /// Field 4, `response_trailers`.
    public var responseTrailers: [Connectrpc.Conformance.V1.Header]

    /// Field 5, `num_unsent_requests`.
    public var numUnsentRequests: Int32

    /// What is left out is unset, empty or 0.
    public init(
      responseHeaders: [Connectrpc.Conformance.V1.Header] = [],
      payloads: [Connectrpc.Conformance.V1.ConformancePayload] = [],
      error: Connectrpc.Conformance.V1.Error? = nil,
      responseTrailers: [Connectrpc.Conformance.V1.Header] = [],
      numUnsentRequests: Int32 = 0
    ) {
      self.responseHeaders = responseHeaders
      self.payloads = payloads
      self.error = error
      self.responseTrailers = responseTrailers
      self.numUnsentRequests = numUnsentRequests
    }
  }

  /// `connectrpc.conformance.v1.ClientErrorResult`
  public struct ClientErrorResult: Message {
    public static let fullName = "connectrpc.conformance.v1.ClientErrorResult"

    /// Field 1, `message`.
    public var message: String

    /// What is left out is unset, empty or 0.
    public init(
      message: String = ""
    ) {
      self.message = message
    }
  }

  /// What a unary or client-streaming method is to answer.
  public struct UnaryResponseDefinition: Message {
    public static let fullName = "connectrpc.conformance.v1.UnaryResponseDefinition"

    /// Field 1, `response_headers`.
    public var responseHeaders: [Connectrpc.Conformance.V1.Header]

    /// One of `response`.
    public var response: Response?

    /// Field 4, `response_trailers`.
    public var responseTrailers: [Connectrpc.Conformance.V1.Header]

    /// Field 6, `response_delay_ms`.
    public var responseDelayMs: UInt32

    /// One of `response`.
    public enum Response: Sendable, Equatable {
      /// Field 2, `response_data`.
      case responseData([UInt8])
      /// A RequestInfo is appended to its details.
      case error(Connectrpc.Conformance.V1.Error)
    }

    /// What is left out is unset, empty or 0.
    public init(
      responseHeaders: [Connectrpc.Conformance.V1.Header] = [],
      response: Response? = nil,
      responseTrailers: [Connectrpc.Conformance.V1.Header] = [],
      responseDelayMs: UInt32 = 0
    ) {
      self.responseHeaders = responseHeaders
      self.response = response
      self.responseTrailers = responseTrailers
      self.responseDelayMs = responseDelayMs
    }
  }

  /// What a server-streaming or bidirectional method is to answer.
  public struct StreamResponseDefinition: Message {
    public static let fullName = "connectrpc.conformance.v1.StreamResponseDefinition"

    /// Field 1, `response_headers`.
    public var responseHeaders: [Connectrpc.Conformance.V1.Header]

    /// Field 2, `response_data`.
    public var responseData: [[UInt8]]

    /// Before each response message.
    public var responseDelayMs: UInt32

    /// Behind the messages. If there are none, a RequestInfo is appended to its details.
    public var error: Connectrpc.Conformance.V1.Error?

    /// Field 5, `response_trailers`.
    public var responseTrailers: [Connectrpc.Conformance.V1.Header]

    /// What is left out is unset, empty or 0.
    public init(
      responseHeaders: [Connectrpc.Conformance.V1.Header] = [],
      responseData: [[UInt8]] = [],
      responseDelayMs: UInt32 = 0,
      error: Connectrpc.Conformance.V1.Error? = nil,
      responseTrailers: [Connectrpc.Conformance.V1.Header] = []
    ) {
      self.responseHeaders = responseHeaders
      self.responseData = responseData
      self.responseDelayMs = responseDelayMs
      self.error = error
      self.responseTrailers = responseTrailers
    }
  }

  /// `connectrpc.conformance.v1.UnaryRequest`
  public struct UnaryRequest: Message {
    public static let fullName = "connectrpc.conformance.v1.UnaryRequest"

    /// Field 1, `response_definition`.
    public var responseDefinition: Connectrpc.Conformance.V1.UnaryResponseDefinition?

    /// Makes the message as large as a test needs it; so in all requests.
    public var requestData: [UInt8]

    /// What is left out is unset, empty or 0.
    public init(
      responseDefinition: Connectrpc.Conformance.V1.UnaryResponseDefinition? = nil,
      requestData: [UInt8] = []
    ) {
      self.responseDefinition = responseDefinition
      self.requestData = requestData
    }
  }

  /// `connectrpc.conformance.v1.UnaryResponse`
  public struct UnaryResponse: Message {
    public static let fullName = "connectrpc.conformance.v1.UnaryResponse"

    /// Field 1, `payload`.
    public var payload: Connectrpc.Conformance.V1.ConformancePayload?

    /// What is left out is unset, empty or 0.
    public init(
      payload: Connectrpc.Conformance.V1.ConformancePayload? = nil
    ) {
      self.payload = payload
    }
  }

  /// `connectrpc.conformance.v1.IdempotentUnaryRequest`
  public struct IdempotentUnaryRequest: Message {
    public static let fullName = "connectrpc.conformance.v1.IdempotentUnaryRequest"

    /// Field 1, `response_definition`.
    public var responseDefinition: Connectrpc.Conformance.V1.UnaryResponseDefinition?

    /// Field 2, `request_data`.
    public var requestData: [UInt8]

    /// What is left out is unset, empty or 0.
    public init(
      responseDefinition: Connectrpc.Conformance.V1.UnaryResponseDefinition? = nil,
      requestData: [UInt8] = []
    ) {
      self.responseDefinition = responseDefinition
      self.requestData = requestData
    }
  }

  /// `connectrpc.conformance.v1.IdempotentUnaryResponse`
  public struct IdempotentUnaryResponse: Message {
    public static let fullName = "connectrpc.conformance.v1.IdempotentUnaryResponse"

    /// Field 1, `payload`.
    public var payload: Connectrpc.Conformance.V1.ConformancePayload?

    /// What is left out is unset, empty or 0.
    public init(
      payload: Connectrpc.Conformance.V1.ConformancePayload? = nil
    ) {
      self.payload = payload
    }
  }

  /// `connectrpc.conformance.v1.ServerStreamRequest`
  public struct ServerStreamRequest: Message {
    public static let fullName = "connectrpc.conformance.v1.ServerStreamRequest"

    /// Field 1, `response_definition`.
    public var responseDefinition: Connectrpc.Conformance.V1.StreamResponseDefinition?

    /// Field 2, `request_data`.
    public var requestData: [UInt8]

    /// What is left out is unset, empty or 0.
    public init(
      responseDefinition: Connectrpc.Conformance.V1.StreamResponseDefinition? = nil,
      requestData: [UInt8] = []
    ) {
      self.responseDefinition = responseDefinition
      self.requestData = requestData
    }
  }

  /// `connectrpc.conformance.v1.ServerStreamResponse`
  public struct ServerStreamResponse: Message {
    public static let fullName = "connectrpc.conformance.v1.ServerStreamResponse"

    /// Field 1, `payload`.
    public var payload: Connectrpc.Conformance.V1.ConformancePayload?

    /// What is left out is unset, empty or 0.
    public init(
      payload: Connectrpc.Conformance.V1.ConformancePayload? = nil
    ) {
      self.payload = payload
    }
  }

  /// `connectrpc.conformance.v1.ClientStreamRequest`
  public struct ClientStreamRequest: Message {
    public static let fullName = "connectrpc.conformance.v1.ClientStreamRequest"

    /// Counts in the first message only.
    public var responseDefinition: Connectrpc.Conformance.V1.UnaryResponseDefinition?

    /// Field 2, `request_data`.
    public var requestData: [UInt8]

    /// What is left out is unset, empty or 0.
    public init(
      responseDefinition: Connectrpc.Conformance.V1.UnaryResponseDefinition? = nil,
      requestData: [UInt8] = []
    ) {
      self.responseDefinition = responseDefinition
      self.requestData = requestData
    }
  }

  /// `connectrpc.conformance.v1.ClientStreamResponse`
  public struct ClientStreamResponse: Message {
    public static let fullName = "connectrpc.conformance.v1.ClientStreamResponse"

    /// Field 1, `payload`.
    public var payload: Connectrpc.Conformance.V1.ConformancePayload?

    /// What is left out is unset, empty or 0.
    public init(
      payload: Connectrpc.Conformance.V1.ConformancePayload? = nil
    ) {
      self.payload = payload
    }
  }

  /// `connectrpc.conformance.v1.BidiStreamRequest`
  public struct BidiStreamRequest: Message {
    public static let fullName = "connectrpc.conformance.v1.BidiStreamRequest"

    /// Counts in the first message only, as does `full_duplex`.
    public var responseDefinition: Connectrpc.Conformance.V1.StreamResponseDefinition?

    /// A response follows each request; else all responses follow all requests.
    public var fullDuplex: Bool

    /// Field 3, `request_data`.
    public var requestData: [UInt8]

    /// What is left out is unset, empty or 0.
    public init(
      responseDefinition: Connectrpc.Conformance.V1.StreamResponseDefinition? = nil,
      fullDuplex: Bool = false,
      requestData: [UInt8] = []
    ) {
      self.responseDefinition = responseDefinition
      self.fullDuplex = fullDuplex
      self.requestData = requestData
    }
  }

  /// `connectrpc.conformance.v1.BidiStreamResponse`
  public struct BidiStreamResponse: Message {
    public static let fullName = "connectrpc.conformance.v1.BidiStreamResponse"

    /// Field 1, `payload`.
    public var payload: Connectrpc.Conformance.V1.ConformancePayload?

    /// What is left out is unset, empty or 0.
    public init(
      payload: Connectrpc.Conformance.V1.ConformancePayload? = nil
    ) {
      self.payload = payload
    }
  }

  /// `connectrpc.conformance.v1.ConformancePayload`
  public struct ConformancePayload: Message {
    public static let fullName = "connectrpc.conformance.v1.ConformancePayload"

    /// Field 1, `data`.
    public var data: [UInt8]

    /// Field 2, `request_info`.
    public var requestInfo: Connectrpc.Conformance.V1.ConformancePayload.RequestInfo?

    /// The request as the server saw it.
    public struct RequestInfo: Message {
      public static let fullName = "connectrpc.conformance.v1.ConformancePayload.RequestInfo"

      /// Field 1, `request_headers`.
      public var requestHeaders: [Connectrpc.Conformance.V1.Header]

      /// Field 2, `timeout_ms`.
      public var timeoutMs: Int64?

      /// Field 3, `requests`.
      public var requests: [Connectrpc.Conformance.V1.Packed]

      /// What is left out is unset, empty or 0.
      public init(
        requestHeaders: [Connectrpc.Conformance.V1.Header] = [],
        timeoutMs: Int64? = nil,
        requests: [Connectrpc.Conformance.V1.Packed] = []
      ) {
        self.requestHeaders = requestHeaders
        self.timeoutMs = timeoutMs
        self.requests = requests
      }
    }

    /// What is left out is unset, empty or 0.
    public init(
      data: [UInt8] = [],
      requestInfo: Connectrpc.Conformance.V1.ConformancePayload.RequestInfo? = nil
    ) {
      self.data = data
      self.requestInfo = requestInfo
    }
  }

  /// A status other than OK; `code` is gRPC's number.
  public struct Error: Message {
    public static let fullName = "connectrpc.conformance.v1.Error"

    /// Field 1, `code`.
    public var code: Int32

    /// Field 2, `message`.
    public var message: String?

    /// Field 3, `details`.
    public var details: [Connectrpc.Conformance.V1.Packed]

    /// What is left out is unset, empty or 0.
    public init(
      code: Int32 = 0,
      message: String? = nil,
      details: [Connectrpc.Conformance.V1.Packed] = []
    ) {
      self.code = code
      self.message = message
      self.details = details
    }
  }

  /// A field of headers or trailers, with all its values in order.
  public struct Header: Message {
    public static let fullName = "connectrpc.conformance.v1.Header"

    /// Field 1, `name`.
    public var name: String

    /// Field 2, `value`.
    public var value: [String]

    /// What is left out is unset, empty or 0.
    public init(
      name: String = "",
      value: [String] = []
    ) {
      self.name = name
      self.value = value
    }
  }

  /// Stands for google.protobuf.Any, whose name Swift keeps for itself: a message of the type that
  /// the URL ends in.
  public struct Packed: Message {
    public static let fullName = "connectrpc.conformance.v1.Packed"

    /// Field 1, `type_url`.
    public var typeUrl: String

    /// Field 2, `value`.
    public var value: [UInt8]

    /// What is left out is unset, empty or 0.
    public init(
      typeUrl: String = "",
      value: [UInt8] = []
    ) {
      self.typeUrl = typeUrl
      self.value = value
    }
  }

  /// Stands for google.rpc.Status, which travels in grpc-status-details-bin.
  public struct Status: Message {
    public static let fullName = "connectrpc.conformance.v1.Status"

    /// Field 1, `code`.
    public var code: Int32

    /// Field 2, `message`.
    public var message: String

    /// Field 3, `details`.
    public var details: [Connectrpc.Conformance.V1.Packed]

    /// What is left out is unset, empty or 0.
    public init(
      code: Int32 = 0,
      message: String = "",
      details: [Connectrpc.Conformance.V1.Packed] = []
    ) {
      self.code = code
      self.message = message
      self.details = details
    }
  }
}

extension Connectrpc.Conformance.V1.ServerCompatRequest {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__ServerCompatRequest()
    connectrpc__conformance__v1__server_compat_request__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__ServerCompatRequest>) throws(DecodeError) {
    self.useTls = c.pointee.use_tls != 0
    self.clientTlsCert = Unpacked.blob(c.pointee.client_tls_cert)
    self.messageReceiveLimit = c.pointee.message_receive_limit
    self.serverCreds = try Unpacked.message(c.pointee.server_creds, Connectrpc.Conformance.V1.TLSCreds.init)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if useTls { out.varint(4, useTls ? 1 : 0) }
    if !clientTlsCert.isEmpty { out.blob(5, clientTlsCert) }
    if messageReceiveLimit != 0 { out.varint(6, UInt64(messageReceiveLimit)) }
    if let value = serverCreds { out.message(7, value) }
  }
}

extension Connectrpc.Conformance.V1.ServerCompatResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__ServerCompatResponse()
    connectrpc__conformance__v1__server_compat_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__ServerCompatResponse>) throws(DecodeError) {
    self.host = try Unpacked.text(c.pointee.host, "connectrpc.conformance.v1.ServerCompatResponse.host")
    self.port = c.pointee.port
    self.pemCert = Unpacked.blob(c.pointee.pem_cert)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !host.isEmpty { out.text(1, host) }
    if port != 0 { out.varint(2, UInt64(port)) }
    if !pemCert.isEmpty { out.blob(3, pemCert) }
  }
}

extension Connectrpc.Conformance.V1.TLSCreds {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__TLSCreds()
    connectrpc__conformance__v1__tlscreds__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__TLSCreds>) throws(DecodeError) {
    self.cert = Unpacked.blob(c.pointee.cert)
    self.key = Unpacked.blob(c.pointee.key)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !cert.isEmpty { out.blob(1, cert) }
    if !key.isEmpty { out.blob(2, key) }
  }
}

extension Connectrpc.Conformance.V1.ClientCompatRequest {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__ClientCompatRequest()
    connectrpc__conformance__v1__client_compat_request__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__ClientCompatRequest>) throws(DecodeError) {
    self.testName = try Unpacked.text(c.pointee.test_name, "connectrpc.conformance.v1.ClientCompatRequest.test_name")
    self.compression = .init(rawValue: Int32(truncatingIfNeeded: c.pointee.compression.rawValue))
    self.host = try Unpacked.text(c.pointee.host, "connectrpc.conformance.v1.ClientCompatRequest.host")
    self.port = c.pointee.port
    self.serverTlsCert = Unpacked.blob(c.pointee.server_tls_cert)
    self.clientTlsCreds = try Unpacked.message(c.pointee.client_tls_creds, Connectrpc.Conformance.V1.TLSCreds.init)
    self.messageReceiveLimit = c.pointee.message_receive_limit
    self.service = c.pointee._service_case.rawValue == 11 ? try Unpacked.text(c.pointee.service, "connectrpc.conformance.v1.ClientCompatRequest.service") : nil
    self.method = c.pointee._method_case.rawValue == 12 ? try Unpacked.text(c.pointee.method, "connectrpc.conformance.v1.ClientCompatRequest.method") : nil
    self.streamType = .init(rawValue: Int32(truncatingIfNeeded: c.pointee.stream_type.rawValue))
    self.requestHeaders = try Unpacked.messages(c.pointee.n_request_headers, c.pointee.request_headers, Connectrpc.Conformance.V1.Header.init)
    self.requestMessages = try Unpacked.messages(c.pointee.n_request_messages, c.pointee.request_messages, Connectrpc.Conformance.V1.Packed.init)
    self.timeoutMs = c.pointee._timeout_ms_case.rawValue == 17 ? c.pointee.timeout_ms : nil
    self.requestDelayMs = c.pointee.request_delay_ms
    self.cancel = try Unpacked.message(c.pointee.cancel, Connectrpc.Conformance.V1.ClientCompatRequest.Cancel.init)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !testName.isEmpty { out.text(1, testName) }
    if compression.rawValue != 0 { out.varint(5, UInt64(bitPattern: Int64(compression.rawValue))) }
    if !host.isEmpty { out.text(6, host) }
    if port != 0 { out.varint(7, UInt64(port)) }
    if !serverTlsCert.isEmpty { out.blob(8, serverTlsCert) }
    if let value = clientTlsCreds { out.message(9, value) }
    if messageReceiveLimit != 0 { out.varint(10, UInt64(messageReceiveLimit)) }
    if let value = service { out.text(11, value) }
    if let value = method { out.text(12, value) }
    if streamType.rawValue != 0 { out.varint(13, UInt64(bitPattern: Int64(streamType.rawValue))) }
    for value in requestHeaders { out.message(15, value) }
    for value in requestMessages { out.message(16, value) }
    if let value = timeoutMs { out.varint(17, UInt64(value)) }
    if requestDelayMs != 0 { out.varint(18, UInt64(requestDelayMs)) }
    if let value = cancel { out.message(19, value) }
  }
}

extension Connectrpc.Conformance.V1.ClientCompatRequest.Cancel {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__ClientCompatRequest__Cancel()
    connectrpc__conformance__v1__client_compat_request__cancel__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__ClientCompatRequest__Cancel>) throws(DecodeError) {
    switch c.pointee.timing_case.rawValue {
      case 1: self.timing = try Unpacked.message(c.pointee.before_close_send, Connectrpc.Conformance.V1.ClientCompatRequest.Cancel.Nothing.init).map { .beforeCloseSend($0) }
      case 2: self.timing = .afterCloseSendMs(c.pointee.after_close_send_ms)
      case 3: self.timing = .afterNumResponses(c.pointee.after_num_responses)
      default: self.timing = nil
    }
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    switch timing {
      case .beforeCloseSend(let value)?: out.message(1, value)
      case .afterCloseSendMs(let value)?: out.varint(2, UInt64(value))
      case .afterNumResponses(let value)?: out.varint(3, UInt64(value))
      case nil: break
    }
  }
}

extension Connectrpc.Conformance.V1.ClientCompatRequest.Cancel.Nothing {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__ClientCompatRequest__Cancel__Nothing()
    connectrpc__conformance__v1__client_compat_request__cancel__nothing__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__ClientCompatRequest__Cancel__Nothing>) throws(DecodeError) {
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

extension Connectrpc.Conformance.V1.ClientCompatResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__ClientCompatResponse()
    connectrpc__conformance__v1__client_compat_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__ClientCompatResponse>) throws(DecodeError) {
    self.testName = try Unpacked.text(c.pointee.test_name, "connectrpc.conformance.v1.ClientCompatResponse.test_name")
    switch c.pointee.result_case.rawValue {
      case 2: self.result = try Unpacked.message(c.pointee.response, Connectrpc.Conformance.V1.ClientResponseResult.init).map { .response($0) }
      case 3: self.result = try Unpacked.message(c.pointee.error, Connectrpc.Conformance.V1.ClientErrorResult.init).map { .error($0) }
      default: self.result = nil
    }
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !testName.isEmpty { out.text(1, testName) }
    switch result {
      case .response(let value)?: out.message(2, value)
      case .error(let value)?: out.message(3, value)
      case nil: break
    }
  }
}

extension Connectrpc.Conformance.V1.ClientResponseResult {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__ClientResponseResult()
    connectrpc__conformance__v1__client_response_result__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__ClientResponseResult>) throws(DecodeError) {
    self.responseHeaders = try Unpacked.messages(c.pointee.n_response_headers, c.pointee.response_headers, Connectrpc.Conformance.V1.Header.init)
    self.payloads = try Unpacked.messages(c.pointee.n_payloads, c.pointee.payloads, Connectrpc.Conformance.V1.ConformancePayload.init)
    self.error = try Unpacked.message(c.pointee.error, Connectrpc.Conformance.V1.Error.init)
    self.responseTrailers = try Unpacked.messages(c.pointee.n_response_trailers, c.pointee.response_trailers, Connectrpc.Conformance.V1.Header.init)
    self.numUnsentRequests = c.pointee.num_unsent_requests
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    for value in responseHeaders { out.message(1, value) }
    for value in payloads { out.message(2, value) }
    if let value = error { out.message(3, value) }
    for value in responseTrailers { out.message(4, value) }
    if numUnsentRequests != 0 { out.varint(5, UInt64(bitPattern: Int64(numUnsentRequests))) }
  }
}

extension Connectrpc.Conformance.V1.ClientErrorResult {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__ClientErrorResult()
    connectrpc__conformance__v1__client_error_result__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__ClientErrorResult>) throws(DecodeError) {
    self.message = try Unpacked.text(c.pointee.message, "connectrpc.conformance.v1.ClientErrorResult.message")
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !message.isEmpty { out.text(1, message) }
  }
}

extension Connectrpc.Conformance.V1.UnaryResponseDefinition {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__UnaryResponseDefinition()
    connectrpc__conformance__v1__unary_response_definition__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__UnaryResponseDefinition>) throws(DecodeError) {
    self.responseHeaders = try Unpacked.messages(c.pointee.n_response_headers, c.pointee.response_headers, Connectrpc.Conformance.V1.Header.init)
    switch c.pointee.response_case.rawValue {
      case 2: self.response = .responseData(Unpacked.blob(c.pointee.response_data))
      case 3: self.response = try Unpacked.message(c.pointee.error, Connectrpc.Conformance.V1.Error.init).map { .error($0) }
      default: self.response = nil
    }
    self.responseTrailers = try Unpacked.messages(c.pointee.n_response_trailers, c.pointee.response_trailers, Connectrpc.Conformance.V1.Header.init)
    self.responseDelayMs = c.pointee.response_delay_ms
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    for value in responseHeaders { out.message(1, value) }
    switch response {
      case .responseData(let value)?: out.blob(2, value)
      case .error(let value)?: out.message(3, value)
      case nil: break
    }
    for value in responseTrailers { out.message(4, value) }
    if responseDelayMs != 0 { out.varint(6, UInt64(responseDelayMs)) }
  }
}

extension Connectrpc.Conformance.V1.StreamResponseDefinition {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__StreamResponseDefinition()
    connectrpc__conformance__v1__stream_response_definition__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__StreamResponseDefinition>) throws(DecodeError) {
    self.responseHeaders = try Unpacked.messages(c.pointee.n_response_headers, c.pointee.response_headers, Connectrpc.Conformance.V1.Header.init)
    self.responseData = Unpacked.blobs(c.pointee.n_response_data, c.pointee.response_data)
    self.responseDelayMs = c.pointee.response_delay_ms
    self.error = try Unpacked.message(c.pointee.error, Connectrpc.Conformance.V1.Error.init)
    self.responseTrailers = try Unpacked.messages(c.pointee.n_response_trailers, c.pointee.response_trailers, Connectrpc.Conformance.V1.Header.init)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    for value in responseHeaders { out.message(1, value) }
    for value in responseData { out.blob(2, value) }
    if responseDelayMs != 0 { out.varint(3, UInt64(responseDelayMs)) }
    if let value = error { out.message(4, value) }
    for value in responseTrailers { out.message(5, value) }
  }
}

extension Connectrpc.Conformance.V1.UnaryRequest {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__UnaryRequest()
    connectrpc__conformance__v1__unary_request__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__UnaryRequest>) throws(DecodeError) {
    self.responseDefinition = try Unpacked.message(c.pointee.response_definition, Connectrpc.Conformance.V1.UnaryResponseDefinition.init)
    self.requestData = Unpacked.blob(c.pointee.request_data)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if let value = responseDefinition { out.message(1, value) }
    if !requestData.isEmpty { out.blob(2, requestData) }
  }
}

extension Connectrpc.Conformance.V1.UnaryResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__UnaryResponse()
    connectrpc__conformance__v1__unary_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__UnaryResponse>) throws(DecodeError) {
    self.payload = try Unpacked.message(c.pointee.payload, Connectrpc.Conformance.V1.ConformancePayload.init)
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

extension Connectrpc.Conformance.V1.IdempotentUnaryRequest {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__IdempotentUnaryRequest()
    connectrpc__conformance__v1__idempotent_unary_request__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__IdempotentUnaryRequest>) throws(DecodeError) {
    self.responseDefinition = try Unpacked.message(c.pointee.response_definition, Connectrpc.Conformance.V1.UnaryResponseDefinition.init)
    self.requestData = Unpacked.blob(c.pointee.request_data)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if let value = responseDefinition { out.message(1, value) }
    if !requestData.isEmpty { out.blob(2, requestData) }
  }
}

extension Connectrpc.Conformance.V1.IdempotentUnaryResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__IdempotentUnaryResponse()
    connectrpc__conformance__v1__idempotent_unary_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__IdempotentUnaryResponse>) throws(DecodeError) {
    self.payload = try Unpacked.message(c.pointee.payload, Connectrpc.Conformance.V1.ConformancePayload.init)
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

extension Connectrpc.Conformance.V1.ServerStreamRequest {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__ServerStreamRequest()
    connectrpc__conformance__v1__server_stream_request__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__ServerStreamRequest>) throws(DecodeError) {
    self.responseDefinition = try Unpacked.message(c.pointee.response_definition, Connectrpc.Conformance.V1.StreamResponseDefinition.init)
    self.requestData = Unpacked.blob(c.pointee.request_data)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if let value = responseDefinition { out.message(1, value) }
    if !requestData.isEmpty { out.blob(2, requestData) }
  }
}

extension Connectrpc.Conformance.V1.ServerStreamResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__ServerStreamResponse()
    connectrpc__conformance__v1__server_stream_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__ServerStreamResponse>) throws(DecodeError) {
    self.payload = try Unpacked.message(c.pointee.payload, Connectrpc.Conformance.V1.ConformancePayload.init)
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

extension Connectrpc.Conformance.V1.ClientStreamRequest {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__ClientStreamRequest()
    connectrpc__conformance__v1__client_stream_request__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__ClientStreamRequest>) throws(DecodeError) {
    self.responseDefinition = try Unpacked.message(c.pointee.response_definition, Connectrpc.Conformance.V1.UnaryResponseDefinition.init)
    self.requestData = Unpacked.blob(c.pointee.request_data)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if let value = responseDefinition { out.message(1, value) }
    if !requestData.isEmpty { out.blob(2, requestData) }
  }
}

extension Connectrpc.Conformance.V1.ClientStreamResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__ClientStreamResponse()
    connectrpc__conformance__v1__client_stream_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__ClientStreamResponse>) throws(DecodeError) {
    self.payload = try Unpacked.message(c.pointee.payload, Connectrpc.Conformance.V1.ConformancePayload.init)
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

extension Connectrpc.Conformance.V1.BidiStreamRequest {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__BidiStreamRequest()
    connectrpc__conformance__v1__bidi_stream_request__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__BidiStreamRequest>) throws(DecodeError) {
    self.responseDefinition = try Unpacked.message(c.pointee.response_definition, Connectrpc.Conformance.V1.StreamResponseDefinition.init)
    self.fullDuplex = c.pointee.full_duplex != 0
    self.requestData = Unpacked.blob(c.pointee.request_data)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if let value = responseDefinition { out.message(1, value) }
    if fullDuplex { out.varint(2, fullDuplex ? 1 : 0) }
    if !requestData.isEmpty { out.blob(3, requestData) }
  }
}

extension Connectrpc.Conformance.V1.BidiStreamResponse {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__BidiStreamResponse()
    connectrpc__conformance__v1__bidi_stream_response__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__BidiStreamResponse>) throws(DecodeError) {
    self.payload = try Unpacked.message(c.pointee.payload, Connectrpc.Conformance.V1.ConformancePayload.init)
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

extension Connectrpc.Conformance.V1.ConformancePayload {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__ConformancePayload()
    connectrpc__conformance__v1__conformance_payload__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__ConformancePayload>) throws(DecodeError) {
    self.data = Unpacked.blob(c.pointee.data)
    self.requestInfo = try Unpacked.message(c.pointee.request_info, Connectrpc.Conformance.V1.ConformancePayload.RequestInfo.init)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !data.isEmpty { out.blob(1, data) }
    if let value = requestInfo { out.message(2, value) }
  }
}

extension Connectrpc.Conformance.V1.ConformancePayload.RequestInfo {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__ConformancePayload__RequestInfo()
    connectrpc__conformance__v1__conformance_payload__request_info__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__ConformancePayload__RequestInfo>) throws(DecodeError) {
    self.requestHeaders = try Unpacked.messages(c.pointee.n_request_headers, c.pointee.request_headers, Connectrpc.Conformance.V1.Header.init)
    self.timeoutMs = c.pointee._timeout_ms_case.rawValue == 2 ? c.pointee.timeout_ms : nil
    self.requests = try Unpacked.messages(c.pointee.n_requests, c.pointee.requests, Connectrpc.Conformance.V1.Packed.init)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    for value in requestHeaders { out.message(1, value) }
    if let value = timeoutMs { out.varint(2, UInt64(bitPattern: value)) }
    for value in requests { out.message(3, value) }
  }
}

extension Connectrpc.Conformance.V1.Error {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__Error()
    connectrpc__conformance__v1__error__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__Error>) throws(DecodeError) {
    self.code = c.pointee.code
    self.message = c.pointee._message_case.rawValue == 2 ? try Unpacked.text(c.pointee.message, "connectrpc.conformance.v1.Error.message") : nil
    self.details = try Unpacked.messages(c.pointee.n_details, c.pointee.details, Connectrpc.Conformance.V1.Packed.init)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if code != 0 { out.varint(1, UInt64(bitPattern: Int64(code))) }
    if let value = message { out.text(2, value) }
    for value in details { out.message(3, value) }
  }
}

extension Connectrpc.Conformance.V1.Header {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__Header()
    connectrpc__conformance__v1__header__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__Header>) throws(DecodeError) {
    self.name = try Unpacked.text(c.pointee.name, "connectrpc.conformance.v1.Header.name")
    self.value = try Unpacked.texts(c.pointee.n_value, c.pointee.value, "connectrpc.conformance.v1.Header.value")
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !name.isEmpty { out.text(1, name) }
    for value in value { out.text(2, value) }
  }
}

extension Connectrpc.Conformance.V1.Packed {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__Packed()
    connectrpc__conformance__v1__packed__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__Packed>) throws(DecodeError) {
    self.typeUrl = try Unpacked.text(c.pointee.type_url, "connectrpc.conformance.v1.Packed.type_url")
    self.value = Unpacked.blob(c.pointee.value)
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !typeUrl.isEmpty { out.text(1, typeUrl) }
    if !value.isEmpty { out.blob(2, value) }
  }
}

extension Connectrpc.Conformance.V1.Status {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Connectrpc__Conformance__V1__Status()
    connectrpc__conformance__v1__status__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Connectrpc__Conformance__V1__Status>) throws(DecodeError) {
    self.code = c.pointee.code
    self.message = try Unpacked.text(c.pointee.message, "connectrpc.conformance.v1.Status.message")
    self.details = try Unpacked.messages(c.pointee.n_details, c.pointee.details, Connectrpc.Conformance.V1.Packed.init)
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
    for value in details { out.message(3, value) }
  }
}
