// swift-format-ignore-file
// Made by Scripts/generate from proto/. Do not edit.

package import CProtobufC
internal import CTallyMessages
public import Protobuf

extension Google.Rpc {

  /// The `Status` type defines a logical error model that is suitable for
  /// different programming environments, including REST APIs and RPC APIs. It is
  /// used by [gRPC](https://github.com/grpc). Each `Status` message contains
  /// three pieces of data: error code, error message, and error details.
  ///
  /// You can find out more about this error model and how to work with it in the
  /// [API Design Guide](https://cloud.google.com/apis/design/errors).
  public struct Status: Message {
    public static let fullName = "google.rpc.Status"

    /// The status code, which should be an enum value of
    /// [google.rpc.Code][google.rpc.Code].
    public var code: Int32

    /// A developer-facing error message, which should be in English. Any
    /// user-facing error message should be localized and sent in the
    /// [google.rpc.Status.details][google.rpc.Status.details] field, or localized
    /// by the client.
    public var message: String

    /// A list of messages that carry the error details.  There is a common set of
    /// message types for APIs to use.
    public var details: [Google.Protobuf.AnyMessage]

    /// What is left out is unset, empty or 0.
    public init(
      code: Int32 = 0,
      message: String = "",
      details: [Google.Protobuf.AnyMessage] = []
    ) {
      self.code = code
      self.message = message
      self.details = details
    }
  }
}

extension Google.Rpc.Status {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Google__Rpc__Status()
    google__rpc__status__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Google__Rpc__Status>) throws(DecodeError) {
    self.code = c.pointee.code
    self.message = try Unpacked.text(c.pointee.message, "google.rpc.Status.message")
    self.details = try Unpacked.messages(c.pointee.n_details, c.pointee.details, Google.Protobuf.AnyMessage.init)
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
