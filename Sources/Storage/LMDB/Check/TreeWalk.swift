internal import Glibc

/// Walks the trees of a data file and notes which page belongs to what: each to one thing.
final class TreeWalk {
  private let path: String
  private let file: UnsafeRawBufferPointer
  /// 0: of nothing so far, 1: of a tree, 2: free.
  private var owners: [UInt8]
  private let marks: UnsafeMutableBufferPointer<UInt16>
  private let filePages: Int

  /// What one tree turned out to have.
  private struct Found {
    var branchPages: UInt64 = 0
    var leafPages: UInt64 = 0
    var overflowPages: UInt64 = 0
    var entries: UInt64 = 0
  }

  /// The keys that a page may have: from `lower` on, and before `upper`.
  private struct Bounds {
    var lower: UnsafeRawBufferPointer?
    var upper: UnsafeRawBufferPointer?
  }

  /// A tree on the way through it.
  private struct Tree {
    let name: String
    let hasIntegerKeys: Bool
    let reads: Bool
    let body: (TreePage, Int) -> String?
    var found = Found()
  }

  private static let depthMax = 32

  init(path: String, file: UnsafeRawBufferPointer, pages: Int) {
    self.path = path
    self.file = file
    owners = [UInt8](repeating: 0, count: pages)
    filePages = file.count / TreePage.bytes
    marks = .allocate(capacity: TreePage.bytes / 2)
    marks.initialize(repeating: 0)
  }

  deinit { marks.deallocate() }

  func damage(_ page: UInt64?, _ table: String?, _ reason: String) -> LMDBError {
    var place = ""
    if let page { place += " at byte \(page &* UInt64(TreePage.bytes)) (page \(page))" }
    if let table { place += " in table '\(table)'" }
    return LMDBError(code: .damaged, message: "'\(path)' is damaged\(place): \(reason)")
  }

  /// Walks a tree; `body` is shown every record if the leaf pages are read.
  func tree(
    _ name: String, _ entry: TreeEntry, hasIntegerKeys: Bool = false, reads: Bool,
    _ body: @escaping (TreePage, Int) -> String?
  ) throws(LMDBError) {
    var tree = Tree(name: name, hasIntegerKeys: hasIntegerKeys, reads: reads, body: body)
    if entry.root != TreeEntry.noPage {
      guard entry.depth >= 1, entry.depth <= Self.depthMax else {
        throw damage(nil, name, "its tree has the depth \(entry.depth)")
      }
      try walk(entry.root, level: entry.depth, Bounds(), &tree)
    } else if entry.depth != 0 {
      throw damage(nil, name, "its tree has the depth \(entry.depth) and no page")
    }
    let found = tree.found
    guard found.branchPages == entry.branchPages, found.leafPages == entry.leafPages,
      !reads || found.overflowPages == entry.overflowPages && found.entries == entry.entries
    else {
      throw damage(
        nil, name,
        "it has \(found.branchPages) + \(found.leafPages) + \(found.overflowPages) pages and"
          + " \(found.entries) records, and is said to have \(entry.branchPages) +"
          + " \(entry.leafPages) + \(entry.overflowPages) and \(entry.entries)")
    }
  }

  /// The value of a leaf's record; nil if it lies where none can. Claimed by `walk` before.
  func value(_ page: TreePage, _ index: Int) -> UnsafeRawBufferPointer? {
    let size = page.valueBytes(index)
    guard page.flags(index) == TreePage.NodeFlags.overflow else {
      return UnsafeRawBufferPointer(start: page.valueStart(index), count: size)
    }
    let number = page.valueStart(index).loadUnaligned(as: UInt64.self)
    let start = Int(number) * TreePage.bytes + TreePage.headerBytes
    guard start + size <= file.count else { return nil }
    return UnsafeRawBufferPointer(rebasing: file[start..<(start + size)])
  }

  /// The free list: its own tree, whose values are a count and as many page numbers.
  func freeList(_ entry: TreeEntry) throws(LMDBError) {
    var values: [UnsafeRawBufferPointer] = []
    try tree("the free list", entry, hasIntegerKeys: true, reads: true) { page, index in
      guard page.key(index).count == 8, let value = self.value(page, index), value.count >= 8 else {
        return "it is no entry of the free list"
      }
      values.append(value)
      return nil
    }
    for value in values {
      let count = value.loadUnaligned(as: UInt64.self)
      guard count <= UInt64(value.count / 8 - 1) else {
        throw damage(nil, "the free list", "an entry has \(value.count) bytes for \(count) pages")
      }
      for index in 0..<Int(count) {
        let number = value.loadUnaligned(fromByteOffset: 8 + 8 * index, as: UInt64.self)
        try claim(number, as: 2, "the free list")
      }
    }
  }

  /// Pages that the file does not have must be free ones.
  func checkEnd() throws(LMDBError) {
    guard filePages < owners.count else { return }
    for page in filePages..<owners.count where owners[page] != 2 {
      throw damage(UInt64(page), nil, "the file ends before it, at byte \(file.count)")
    }
  }

  private func claim(_ number: UInt64, as owner: UInt8, _ name: String) throws(LMDBError) {
    guard number >= 2, number < UInt64(owners.count) else {
      throw damage(
        nil, name, "it names page \(number), and there are pages 2 to \(owners.count - 1)")
    }
    guard owners[Int(number)] == 0 else {
      throw damage(number, name, "the page belongs to something else, or is free")
    }
    owners[Int(number)] = owner
  }

  private func walk(
    _ number: UInt64, level: Int, _ bounds: Bounds, _ tree: inout Tree
  ) throws(LMDBError) {
    try claim(number, as: 1, tree.name)
    let isBranch = level > 1
    if !isBranch {
      tree.found.leafPages += 1
      if !tree.reads { return }
    }
    guard Int(number) < filePages, let start = file.baseAddress else {
      throw damage(number, tree.name, "the file ends before it, at byte \(file.count)")
    }
    let page = TreePage(start: start + Int(number) * TreePage.bytes)
    // A branch of the free list may be left with one page below it (ITS#8336).
    let least = isBranch && !tree.hasIntegerKeys ? 2 : 1
    if let fault = page.fault(number: number, isBranch: isBranch, least: least, marks) {
      throw damage(number, tree.name, fault)
    }
    try checkOrder(page, number, isBranch: isBranch, bounds, tree)
    if isBranch {
      tree.found.branchPages += 1
      for index in 0..<page.count {
        var inner = bounds
        if index > 0 { inner.lower = page.key(index) }
        if index + 1 < page.count { inner.upper = page.key(index + 1) }
        try walk(page.child(index), level: level - 1, inner, &tree)
      }
      return
    }
    for index in 0..<page.count {
      tree.found.entries += 1
      if page.flags(index) == TreePage.NodeFlags.overflow { try claimOverflow(page, index, &tree) }
      if let reason = tree.body(page, index) {
        throw damage(number, tree.name, "record \(index) of the page: \(reason)")
      }
    }
  }

  /// Keys ascend, and lie within what the page above says. A branch's first key is not looked at
  /// by anybody.
  private func checkOrder(
    _ page: TreePage, _ number: UInt64, isBranch: Bool, _ bounds: Bounds, _ tree: Tree
  ) throws(LMDBError) {
    var previous = bounds.lower
    for index in (isBranch ? 1 : 0)..<page.count {
      let key = page.key(index)
      if let previous {
        let order = Self.order(previous, key, tree.hasIntegerKeys)
        // The first record of a page may be the key that leads to it.
        let isFirst = index == 0
        guard isFirst ? order <= 0 : order < 0 else {
          throw damage(number, tree.name, "key \(index) of the page is not in order")
        }
      }
      previous = key
    }
    if let upper = bounds.upper, let previous,
      Self.order(previous, upper, tree.hasIntegerKeys) >= 0
    {
      throw damage(number, tree.name, "the last key of the page belongs behind it")
    }
  }

  private func claimOverflow(
    _ page: TreePage, _ index: Int, _ tree: inout Tree
  ) throws(LMDBError) {
    let number = page.valueStart(index).loadUnaligned(as: UInt64.self)
    guard number >= 2, number < UInt64(filePages), let start = file.baseAddress else {
      throw damage(number, tree.name, "no value can lie there")
    }
    let first = TreePage(start: start + Int(number) * TreePage.bytes)
    let count = UInt64(first.overflowPages)
    let size = TreePage.headerBytes + page.valueBytes(index)
    guard first.pageNumber == number, first.pad == 0, first.kind == TreePage.Kind.overflow,
      count * UInt64(TreePage.bytes) >= UInt64(size), number + count <= UInt64(filePages)
    else { throw damage(number, tree.name, "a value of \(size) bytes cannot lie there") }
    for page in number..<(number + count) { try claim(page, as: 1, tree.name) }
    tree.found.overflowPages += count
  }

  @inline(__always)
  private static func order(
    _ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer, _ areIntegers: Bool
  ) -> Int {
    if areIntegers, left.count == 8, right.count == 8 {
      let (left, right) = (
        left.loadUnaligned(as: UInt64.self), right.loadUnaligned(as: UInt64.self)
      )
      return left < right ? -1 : left > right ? 1 : 0
    }
    guard let start = left.baseAddress, let other = right.baseAddress else {
      return left.count - right.count
    }
    let order = memcmp(start, other, min(left.count, right.count))
    return order == 0 ? left.count - right.count : Int(order)
  }
}
