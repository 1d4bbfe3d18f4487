/// The counts of a tree that its entry, 48 bytes in a meta page or in the table of tables, states.
///
/// | at | bytes | what |
/// | --- | --- | --- |
/// | 0 | 4 | page size (free list), else 0 |
/// | 4 | 2 | flags |
/// | 6 | 2 | depth |
/// | 8 | 8 each | branch pages, leaf pages, overflow pages, entries |
/// | 40 | 8 | root page, all ones for an empty tree |
struct TreeEntry {
  static let size = 48
  static let noPage = UInt64.max

  let pad: UInt32
  let flags: UInt16
  let depth: Int
  let branchPages: UInt64
  let leafPages: UInt64
  let overflowPages: UInt64
  let entries: UInt64
  let root: UInt64

  init(_ bytes: UnsafeRawBufferPointer) {
    pad = bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self)
    flags = bytes.loadUnaligned(fromByteOffset: 4, as: UInt16.self)
    depth = Int(bytes.loadUnaligned(fromByteOffset: 6, as: UInt16.self))
    branchPages = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    leafPages = bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
    overflowPages = bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
    entries = bytes.loadUnaligned(fromByteOffset: 32, as: UInt64.self)
    root = bytes.loadUnaligned(fromByteOffset: 40, as: UInt64.self)
  }
}

/// A branch or leaf page of liblmdb 0.9 (mdb.c, MDB_page and MDB_node), 4,096 bytes:
///
/// | at | bytes | what |
/// | --- | --- | --- |
/// | 0 | 8 | its page number |
/// | 8 | 2 | 0 |
/// | 10 | 2 | 1 branch, 2 leaf, 4 overflow, 8 meta |
/// | 12 | 2 | where the offsets of nodes end |
/// | 14 | 2 | where the nodes begin |
/// | 16 | 2 each | offset of each node, in the order of the keys |
///
/// The nodes fill the page from there to its end without gaps: size u32 and flags u16 (leaf), or
/// the number of the page below in 48 bits (branch); size of the key u16, key, value.
struct TreePage {
  static let bytes = 4_096
  static let headerBytes = 16
  static let nodeHeaderBytes = 8
  static let keyBytesMax = 511

  enum Kind {
    static let branch: UInt16 = 1
    static let leaf: UInt16 = 2
    static let overflow: UInt16 = 4
    static let meta: UInt16 = 8
  }

  enum NodeFlags {
    /// The value lies in pages of its own; the node has their number.
    static let overflow: UInt16 = 1
    /// The value is the entry of a table.
    static let table: UInt16 = 2
  }

  let start: UnsafeRawPointer

  @inline(__always)
  private func number<Number: FixedWidthInteger>(_ offset: Int, as _: Number.Type) -> Number {
    Number(littleEndian: start.loadUnaligned(fromByteOffset: offset, as: Number.self))
  }

  var pageNumber: UInt64 { number(0, as: UInt64.self) }
  var pad: UInt16 { number(8, as: UInt16.self) }
  var kind: UInt16 { number(10, as: UInt16.self) }
  var lower: Int { Int(number(12, as: UInt16.self)) }
  var upper: Int { Int(number(14, as: UInt16.self)) }
  /// Of an overflow page: how many pages the value takes.
  var overflowPages: UInt32 { number(12, as: UInt32.self) }
  var count: Int { (lower - Self.headerBytes) / 2 }

  @inline(__always)
  func offset(_ index: Int) -> Int { Int(number(Self.headerBytes + 2 * index, as: UInt16.self)) }

  @inline(__always)
  func flags(_ index: Int) -> UInt16 { number(offset(index) + 4, as: UInt16.self) }

  @inline(__always)
  func key(_ index: Int) -> UnsafeRawBufferPointer {
    let offset = offset(index)
    return UnsafeRawBufferPointer(
      start: start + offset + Self.nodeHeaderBytes, count: Int(number(offset + 6, as: UInt16.self)))
  }

  /// Size of the value of a leaf's node, wherever it lies.
  @inline(__always)
  func valueBytes(_ index: Int) -> Int { Int(number(offset(index), as: UInt32.self)) }

  /// What lies behind the key of a leaf's node.
  @inline(__always)
  func valueStart(_ index: Int) -> UnsafeRawPointer {
    let offset = offset(index)
    return start + offset + Self.nodeHeaderBytes + Int(number(offset + 6, as: UInt16.self))
  }

  /// The page below a branch's node.
  @inline(__always)
  func child(_ index: Int) -> UInt64 {
    let offset = offset(index)
    return UInt64(number(offset, as: UInt32.self))
      | UInt64(number(offset + 4, as: UInt16.self)) << 32
  }

  /// What is wrong with header, offsets and sizes; nil if every node can be looked at.
  ///
  /// - Parameters:
  ///   - least: the fewest records that it can have.
  ///   - marks: 2,048 zeros, and zeros again afterwards if nothing is wrong.
  func fault(
    number: UInt64, isBranch: Bool, least: Int, _ marks: UnsafeMutableBufferPointer<UInt16>
  ) -> String? {
    guard pageNumber == number, pad == 0 else {
      return "its header is that of page \(pageNumber)"
    }
    guard kind == (isBranch ? Kind.branch : Kind.leaf) else {
      return "it is of kind \(kind) in place of a \(isBranch ? "branch" : "leaf")"
    }
    let (lower, upper) = (lower, upper)
    guard lower >= Self.headerBytes, lower & 1 == 0, upper >= lower, upper <= Self.bytes,
      count >= least
    else { return "its records cannot begin at \(upper) and their offsets end at \(lower)" }
    for index in 0..<count {
      let offset = offset(index)
      guard offset >= upper, offset & 1 == 0, offset + Self.nodeHeaderBytes <= Self.bytes else {
        return "record \(index) cannot lie at \(offset)"
      }
      guard let size = nodeBytes(index, isBranch: isBranch), offset + size <= Self.bytes else {
        return "record \(index) has a size that cannot be"
      }
      marks[offset / 2] = UInt16(size)
    }
    var place = upper
    var seen = 0
    while place < Self.bytes {
      let size = Int(marks[place / 2])
      guard size > 0 else { return "there is a gap or an overlap at \(place)" }
      marks[place / 2] = 0
      place += size
      seen += 1
    }
    return seen == count ? nil : "its \(count) offsets name \(seen) records"
  }

  /// What a node takes in the page, nil if that cannot be.
  @inline(__always)
  private func nodeBytes(_ index: Int, isBranch: Bool) -> Int? {
    let keyBytes = key(index).count
    guard keyBytes <= Self.keyBytesMax, isBranch || keyBytes > 0 else { return nil }
    var size = Self.nodeHeaderBytes + keyBytes
    if !isBranch {
      let flags = flags(index)
      guard flags <= NodeFlags.table else { return nil }
      let value = valueBytes(index)
      guard value <= Self.bytes || flags == NodeFlags.overflow else { return nil }
      size += flags == NodeFlags.overflow ? 8 : value
    }
    return (size + 1) & ~1
  }
}
