// swift-format-ignore-file
// Made by Scripts/generate from proto/. Do not edit.

package import CProtobufC
internal import CTestMessages
public import Protobuf
public import TallyMessages

extension Grpc.Testing {

  /// An empty message that you can re-use to avoid defining duplicated empty
  /// messages in your project. A typical example is to use it as argument or the
  /// return value of a service API. For instance:
  ///
  ///   service Foo {
  ///     rpc Bar (grpc.testing.Empty) returns (grpc.testing.Empty) { };
  ///   };
  public struct Empty: Message {
    public static let fullName = "grpc.testing.Empty"

    /// What is left out is unset, empty or 0.
    public init() {}
  }
}

extension Grpc.Testing.Empty {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Grpc__Testing__Empty()
    grpc__testing__empty__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Grpc__Testing__Empty>) throws(DecodeError) {
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
