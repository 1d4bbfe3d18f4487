/// One gRPC message without its five-byte prefix: opaque bytes, in memory once and shared by copy.
package struct MessageBytes: Sendable, Hashable {
  @usableFromInline let storage: [UInt8]

  /// Takes over an array; no byte is copied.
  @inlinable
  package init(_ bytes: [UInt8] = []) {
    storage = bytes
  }

  /// Lets `write` fill fresh memory of `capacity` bytes; it returns how many of them it used.
  @inlinable
  package init<E: Error>(
    capacity: Int, write: (UnsafeMutableRawBufferPointer) throws(E) -> Int
  ) throws(E) {
    var failure: E?
    storage = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
      do throws(E) {
        count = try write(UnsafeMutableRawBufferPointer(buffer))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  /// The length of the message in bytes.
  @inlinable
  package var count: Int { storage.count }

  /// The message as an array; no byte is copied.
  @inlinable
  package var bytes: [UInt8] { storage }

  /// Lends the bytes to `body`; the pointer must not outlive the call.
  @inlinable
  package func withUnsafeBytes<R, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    var outcome: Result<R, E>?
    storage.withUnsafeBytes { buffer in
      do throws(E) {
        outcome = .success(try body(buffer))
      } catch {
        outcome = .failure(error)
      }
    }
    guard let outcome else { preconditionFailure("an array always lends its bytes") }
    return try outcome.get()
  }
}
