// swift-format-ignore-file
// Made by Scripts/generate from proto/. Do not edit.

package import CProtobufC
internal import CTallyMessages
public import Protobuf

/// The position of a batch in the event log. Two revisions compare only within one tenant, store
/// and timeline.
public struct Revision: Message {
  public static let fullName = "tally.v1.Revision"

  /// The store: 16 random bytes, made with it.
  public var storeId: [UInt8]

  /// Grows when the store is restored from a backup.
  public var timeline: UInt32

  /// The number of the batch, from 1; 0 before the first.
  public var position: UInt64

  /// What is left out is unset, empty or 0.
  public init(
    storeId: [UInt8] = [],
    timeline: UInt32 = 0,
    position: UInt64 = 0
  ) {
    self.storeId = storeId
    self.timeline = timeline
    self.position = position
  }
}

extension Revision {
  /// What protobuf-c knows of the message.
  package static var cDescriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    var c = Tally__V1__Revision()
    tally__v1__revision__init(&c)
    return c.base.descriptor
  }

  public init(decoding bytes: UnsafeRawBufferPointer) throws(DecodeError) {
    self = try Arena(unpacking: bytes, as: Self.cDescriptor).read(Self.init)
  }

  init(_ c: UnsafePointer<Tally__V1__Revision>) throws(DecodeError) {
    self.storeId = Unpacked.blob(c.pointee.store_id)
    self.timeline = c.pointee.timeline
    self.position = c.pointee.position
  }

  public var encodedSize: Int {
    var size = SizeCount()
    encode(to: &size)
    return size.count
  }

  public func encode(into out: inout WireWriter) { encode(to: &out) }

  private func encode(to out: inout some FieldSink) {
    if !storeId.isEmpty { out.blob(1, storeId) }
    if timeline != 0 { out.varint(2, UInt64(timeline)) }
    if position != 0 { out.varint(3, position) }
  }
}
