/// The bytes of an id, as the store takes them.
extension [UInt8] {
  /// Lends the bytes; the pointer must not outlive the call.
  func lend<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
    try withUnsafeBytes { bytes in
      Result { () throws(E) in try body(bytes) }
    }.get()
  }
}
