internal import Foundation
internal import LMDB
internal import TallyModel
internal import TestSupport
internal import Testing

@testable internal import TallyStore

/// The data file with flipped bytes, cut, and of other stores: opening it says so, or no record
/// changes. LMDB has no checksums of pages, and would believe what it reads.
@Suite struct `damage to the data file` {
  @Test func `an undamaged file has no fault`() throws {
    let store = try SmallStore()
    #expect(SmallStore.fault(store.bytes) == nil)
    #expect(SmallStore.fault(store.bytes, .pages) == nil)
    // All that there is to damage: branch pages, values in pages of their own, free pages.
    let kinds = stride(from: 0, to: store.bytes.count, by: 4_096).map { store.bytes[$0 + 10] }
    #expect(kinds.contains(1) && kinds.contains(4))
    #expect(Set(store.dump.records.keys).isSuperset(of: [.behind, .like, .related, .tally]))
  }

  @Test func `a flipped byte is found, or no record changes`() throws {
    let store = try SmallStore()
    var random = SplitMix64(seed: 11)
    var bytes = store.bytes
    var unfound: [Int] = []
    var places = Array(bytes.indices)
    if !SmallStore.isLong {
      places = Array(places.shuffled(using: &random)[..<1_500])
      places += structure(of: bytes).shuffled(using: &random)[..<1_500]
    }
    for place in places {
      let old = bytes[place]
      bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
      if let fault = SmallStore.fault(bytes) {
        #expect(fault.contains("'d/data.mdb' is damaged"), "\(fault)")
      } else {
        unfound.append(place)
      }
      bytes[place] = old
    }

    // Bytes of free pages and between records: liblmdb gives the same records whatever they are.
    #expect(unfound.count < places.count - places.count / 5)
    let directory = try StoreDirectory()
    unfound.shuffle(using: &random)
    for place in unfound[..<min(SmallStore.isLong ? 5_000 : 80, unfound.count)] {
      bytes[place] ^= 0xFF
      SmallStore.write(bytes, to: directory)
      bytes[place] ^= 0xFF
      let same = try Dump(try directory.open()) == store.dump
      #expect(same, "byte \(place) changes records unnoticed")
    }
  }

  /// Where a flip can mislead liblmdb: pages' headers and offsets, their nodes' headers, and all of
  /// the first two pages.
  private func structure(of bytes: [UInt8]) -> [Int] {
    var places = Array(16..<152) + Array(4_112..<4_248)
    for page in stride(from: 8_192, to: bytes.count, by: 4_096)
    where [1, 2].contains(bytes[page + 10]) {
      let lower = Int(bytes[page + 12]) | Int(bytes[page + 13]) << 8
      guard lower <= 4_096 else { continue }
      places += page..<(page + lower)
      for offset in stride(from: page + 16, to: page + lower, by: 2) {
        let node = page + (Int(bytes[offset]) | Int(bytes[offset + 1]) << 8)
        if node + 8 <= page + 4_096 { places += node..<(node + 8) }
      }
    }
    return places
  }

  @Test func `of a large file the pages that lead to others are checked`() throws {
    let store = try SmallStore()
    var bytes = store.bytes
    var random = SplitMix64(seed: 12)
    var flips = 0
    for page in stride(from: 8_192, to: bytes.count, by: 4_096) where bytes[page + 10] == 1 {
      // The free list is seen too: a page of an older commit is no part of any tree.
      let isUsed = isFound(in: &bytes, at: page + 10)
      guard isUsed else { continue }
      let lower = Int(bytes[page + 12]) | Int(bytes[page + 13]) << 8
      for place in page..<(page + lower) {
        let old = bytes[place]
        bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
        #expect(SmallStore.fault(bytes, .pages) != nil, "byte \(place)")
        bytes[place] = old
        flips += 1
      }
    }
    #expect(flips > 20)
  }

  private func isFound(in bytes: inout [UInt8], at place: Int) -> Bool {
    bytes[place] ^= 0x40
    defer { bytes[place] ^= 0x40 }
    return SmallStore.fault(bytes, .pages) != nil
  }

  @Test func `a file cut at any offset is refused`() throws {
    let store = try SmallStore()
    let directory = try StoreDirectory()
    var random = SplitMix64(seed: 13)
    var cuts = [0, 1, 4_095, 4_096, 8_191, 8_192, store.bytes.count - 1]
    cuts += (0..<60).map { _ in Int.random(in: 0..<store.bytes.count, using: &random) }
    cuts += stride(from: 8_192, to: store.bytes.count, by: 8 * 4_096)
    if SmallStore.isLong { cuts += stride(from: 0, to: store.bytes.count, by: 97) }

    for cut in cuts {
      let image = Array(store.bytes[..<cut])
      SmallStore.write(image, to: directory)
      if cut == 0 {
        // As good as no file: the directory's log says that there was one.
        #expect(try directory.open().applied().position == 0)
        continue
      }
      let pages = SmallStore.fault(image, .pages)
      let records = SmallStore.fault(image)
      if pages == nil && records == nil {
        // The free pages at the end of a file need not be there.
        #expect(try Dump(try directory.open()) == store.dump, "cut at \(cut)")
        continue
      }
      let error = #expect(throws: StoreError.self, "cut at \(cut)") {
        try Database(directory: directory.path, options: .init(mapSizeBytes: 64 << 20))
      }
      #expect(error?.code == .dataLoss && error?.message.contains("backup") == true)
    }
  }

  @Test func `a page written to the wrong place is found, or no record changes`() throws {
    let store = try SmallStore()
    let directory = try StoreDirectory()
    var random = SplitMix64(seed: 14)
    let pages = store.bytes.count / 4_096
    for round in 0..<(SmallStore.isLong ? 2_000 : 150) {
      let from = Int.random(in: 0..<pages, using: &random) * 4_096
      let to = Int.random(in: 0..<pages, using: &random) * 4_096
      var bytes = store.bytes
      bytes.replaceSubrange(to..<(to + 4_096), with: store.bytes[from..<(from + 4_096)])
      // A write that was lost leaves what was there before: an older page with the right number.
      if round % 2 == 0 { bytes.replaceSubrange(to..<(to + 8), with: store.bytes[to..<(to + 8)]) }
      if SmallStore.fault(bytes) != nil { continue }
      SmallStore.write(bytes, to: directory)
      #expect(try Dump(try directory.open()) == store.dump, "page at \(from) written to \(to)")
    }
  }

  @Test func `whatever lies in the file, the check ends`() throws {
    let store = try SmallStore()
    var random = SplitMix64(seed: 15)
    for _ in 0..<(SmallStore.isLong ? 20_000 : 300) {
      var bytes = store.bytes
      for _ in 0..<Int.random(in: 1...12, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        // Often in the headers of pages, and often a number that is too large.
        let aimed = Bool.random(using: &random) ? place / 4_096 * 4_096 + place % 32 : place
        bytes[aimed] =
          Bool.random(using: &random) ? 0xFF : UInt8.random(in: 0...255, using: &random)
      }
      if Bool.random(using: &random) {
        bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random))
      }
      _ = SmallStore.fault(bytes)
      _ = SmallStore.fault(bytes, .pages)
    }
  }

  @Test func `the page of the commit before is no damage: the log has what it lacks`() throws {
    let directory = try StoreDirectory()
    do {
      let driver = FoldDriver(try directory.open())
      try driver.apply([[.course("c")], [.course("d")]], perFold: 1)
    }
    var bytes = try SmallStore.read(directory)
    let transactions = [0, 4_096].map { bytes[$0 + 16 + 128] }
    let newest = transactions[0] > transactions[1] ? 0 : 4_096
    bytes[newest + 16 + 128] -= 2
    SmallStore.write(bytes, to: directory)

    #expect(try directory.open().applied().position == 2)
  }
}
