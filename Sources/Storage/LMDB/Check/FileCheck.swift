internal import Glibc

/// Reads a data file before liblmdb does, which has no checksums and believes what it finds: a
/// flipped bit in a page could lose records in silence, send it in circles, or crash the process.
///
/// - To the depth of pages: the meta pages, the free list, the table of tables and branch pages,
///   and that every page is one thing: in one place of one tree, or free.
/// - To the depth of records also leaf pages, the order and bounds of all keys, and what the judge
///   finds.
///
/// Every page is looked at once, so damage cannot send it in circles. Not found, since nothing
/// depends on them: bytes of free pages, and those between offsets and records of a page.
package struct FileCheck {
  package enum Depth: Sendable {
    case pages
    case records
  }

  let path: String
  let judge: (any RecordJudge)?

  /// - Parameter judge: is shown every record; nil checks pages alone.
  package init(path: String, judge: (any RecordJudge)?) {
    self.path = path
    self.judge = judge
  }

  /// Reads the file.
  ///
  /// - Parameter recordsBytesMax: a larger file is checked to the depth of pages only.
  /// - Returns: how deep the check went; nil if there is no file, or an empty one.
  /// - Throws: `damaged`, with the offset and the table; `system`.
  @discardableResult
  package func run(recordsBytesMax: Int) throws(LMDBError) -> Depth? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    if file < 0 && errno == ENOENT { return nil }
    guard file >= 0 else { throw LMDBError(errno, doing: "cannot open '\(path)'") }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else {
      throw LMDBError(errno, doing: "cannot look at '\(path)'")
    }
    let size = Int(status.st_size)
    if size == 0 { return nil }
    guard let map = mmap(nil, size, PROT_READ, MAP_SHARED, file, 0), map != MAP_FAILED else {
      throw LMDBError(errno, doing: "cannot map '\(path)'")
    }
    defer { munmap(map, size) }
    let depth: Depth = size <= recordsBytesMax && judge != nil ? .records : .pages
    try check(UnsafeRawBufferPointer(start: map, count: size), depth)
    return depth
  }

  /// Checks the bytes of a whole file.
  package func check(_ file: UnsafeRawBufferPointer, _ depth: Depth) throws(LMDBError) {
    let meta = try newestMeta(file)
    let walk = TreeWalk(path: path, file: file, pages: meta.pages)
    try walk.freeList(meta.freeList)
    var tables: [(name: String, entry: TreeEntry)] = []
    try walk.tree("the table of tables", meta.tables, reads: true) { page, index in
      guard page.flags(index) == TreePage.NodeFlags.table,
        page.valueBytes(index) == TreeEntry.size
      else { return "it is no entry of a table" }
      let entry = TreeEntry(
        UnsafeRawBufferPointer(start: page.valueStart(index), count: TreeEntry.size))
      guard entry.pad == 0, entry.flags == 0 else { return "a table has unknown flags" }
      tables.append((String(decoding: page.key(index), as: UTF8.self), entry))
      return nil
    }
    for (name, entry) in tables {
      if let reason = judge?.begin(table: name) { throw walk.damage(nil, name, reason) }
      try walk.tree(name, entry, reads: depth == .records) { page, index in
        let value = walk.value(page, index)
        guard let value else { return "a value lies where no value can" }
        return judge?.judge(page.key(index), value)
      }
    }
    try walk.checkEnd()
    if depth == .records, let reason = judge?.end() { throw walk.damage(nil, nil, reason) }
  }

  private struct Meta {
    let freeList: TreeEntry
    let tables: TreeEntry
    let pages: Int
  }

  /// The meta page that liblmdb would choose: that of the last commit. The other one is that of the
  /// commit before.
  private func newestMeta(_ file: UnsafeRawBufferPointer) throws(LMDBError) -> Meta {
    func damage(_ offset: Int, _ reason: String) -> LMDBError {
      LMDBError(code: .damaged, message: "'\(path)' is damaged at byte \(offset): \(reason)")
    }
    guard file.count >= 2 * TreePage.bytes, let start = file.baseAddress else {
      throw damage(file.count, "the file is shorter than its two first pages")
    }
    var transactions: [UInt64] = []
    for index in 0..<2 {
      let offset = index * TreePage.bytes
      let page = TreePage(start: start + offset)
      let fields = start + offset + TreePage.headerBytes
      let entry = TreeEntry(UnsafeRawBufferPointer(start: fields + 24, count: TreeEntry.size))
      guard page.pageNumber == UInt64(index), page.pad == 0, page.kind == TreePage.Kind.meta,
        fields.loadUnaligned(as: UInt32.self) == 0xBEEF_C0DE,
        fields.loadUnaligned(fromByteOffset: 4, as: UInt32.self) == 1,
        fields.loadUnaligned(fromByteOffset: 8, as: UInt64.self) == 0,
        entry.pad == TreePage.bytes, entry.flags == Self.integerKeys
      else { throw damage(offset, "this is no first page of an LMDB file of pages of 4 KiB") }
      transactions.append(fields.loadUnaligned(fromByteOffset: 128, as: UInt64.self))
    }
    let newest = transactions[0] < transactions[1] ? 1 : 0
    let (new, old) = (transactions[newest], transactions[1 - newest])
    // Commit n writes page n mod 2, so the other page has n − 1.
    guard new == 0 || new - old == 1 && new & 1 == UInt64(newest) else {
      throw damage(0, "its two first pages are of the commits \(old) and \(new)")
    }
    let fields = start + newest * TreePage.bytes + TreePage.headerBytes
    let last = fields.loadUnaligned(fromByteOffset: 120, as: UInt64.self)
    guard last >= 1, last < UInt64(file.count / TreePage.bytes) + Self.unwrittenPagesMax else {
      throw damage(
        newest * TreePage.bytes, "its last page is \(last), and the file has \(file.count) bytes")
    }
    return Meta(
      freeList: TreeEntry(UnsafeRawBufferPointer(start: fields + 24, count: TreeEntry.size)),
      tables: TreeEntry(UnsafeRawBufferPointer(start: fields + 72, count: TreeEntry.size)),
      pages: Int(last) + 1)
  }

  /// MDB_INTEGERKEY, which the free list has, and no other flag.
  private static let integerKeys: UInt16 = 0x08
  /// Pages that one transaction took and gave back are never written: more than it can hold dirty.
  private static let unwrittenPagesMax: UInt64 = 1 << 18
}
