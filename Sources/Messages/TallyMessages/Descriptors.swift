internal import CTallyMessages
package import Protobuf

/// The descriptors of every .proto file that Tally knows, for reflection and JSON.
package enum Descriptors {
  /// Read once, when first needed.
  package static let schema: Schema = {
    let set = UnsafeRawBufferPointer(start: tally_descriptors(), count: tally_descriptors_size())
    do throws(DecodeError) {
      return try Schema(descriptorSet: set)
    } catch {
      preconditionFailure("Scripts/generate wrote descriptors that cannot be read: \(error)")
    }
  }()
}
