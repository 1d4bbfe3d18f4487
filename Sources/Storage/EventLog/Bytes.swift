extension UnsafeRawBufferPointer {
  /// The little-endian number at `offset`, which need not be aligned.
  @inline(__always)
  func number<Number: FixedWidthInteger>(at offset: Int, as type: Number.Type) -> Number {
    Number(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
  }

  @inline(__always)
  func part(_ offset: Int, _ count: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: self[offset..<(offset + count)])
  }
}

extension UnsafeMutableRawBufferPointer {
  @inline(__always)
  func put<Number: FixedWidthInteger>(_ number: Number, at offset: Int) {
    storeBytes(of: number.littleEndian, toByteOffset: offset, as: Number.self)
  }

  @inline(__always)
  func put(_ bytes: [UInt8], at offset: Int) {
    bytes.withUnsafeBytes { bytes in
      UnsafeMutableRawBufferPointer(rebasing: self[offset..<(offset + bytes.count)])
        .copyMemory(from: bytes)
    }
  }
}
