/// One gRPC message without its five-byte prefix: opaque bytes, in memory once and shared by copy.
///
/// Two messages are equal if their bytes are, however they travelled.
package struct MessageBytes: Sendable {
  @usableFromInline let storage: [UInt8]
  @usableFromInline let form: Form

  /// How the bytes stand to those that travel.
  @usableFromInline enum Form: UInt8, Sendable {
    /// They are the same.
    case plain
    /// These are the plain ones of a message that came compressed.
    case inflated
    /// These are the compressed ones; they never leave this module.
    case gzip
  }

  /// Takes over an array; no byte is copied.
  @inlinable
  package init(_ bytes: [UInt8] = []) {
    storage = bytes
    form = .plain
  }

  init(_ bytes: [UInt8], form: Form) {
    storage = bytes
    self.form = form
  }

  /// Lets `write` fill fresh memory of `capacity` bytes; it returns how many of them it used.
  @inlinable
  package init<E: Error>(
    capacity: Int, write: (UnsafeMutableRawBufferPointer) throws(E) -> Int
  ) throws(E) {
    var failure: E?
    form = .plain
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

  /// Whether the message came compressed.
  package var wasCompressed: Bool { form == .inflated }

  /// Whether these are compressed bytes, on their way out or not yet taken by their consumer.
  var isCompressed: Bool { form == .gzip }

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

extension MessageBytes: Hashable {
  package static func == (left: MessageBytes, right: MessageBytes) -> Bool {
    left.storage == right.storage
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(storage)
  }
}
