internal import Foundation
internal import TallyModel
internal import Testing

@testable internal import TallyStore

@Suite struct `a store's copy` {
  @Test func `has every record up to its mark, while the store goes on`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open()
    defer { directory.close(store) }
    _ = try store.applyAndWait(attempts(0..<200)).get()
    let before = try Dump(store.database)
    let target = try EmptyDirectory()

    let mark = try store.copy(to: target.path)
    _ = try store.applyAndWait(attempts(200..<300)).get()

    #expect(mark.position == 2)
    #expect(try FileManager.default.contentsOfDirectory(atPath: target.path) == ["data.mdb"])
    let copy = try Database(directory: target.path, options: .init(mapSizeBytes: 64 << 20))
    #expect(try Dump(copy).differences(from: before) == [])
    #expect(copy.identity == store.identity)
  }

  @Test func `is refused where a data file is, and by a closed store`() throws {
    let directory = PipelineDirectory()
    let store = try directory.open()
    let target = try EmptyDirectory()
    _ = try store.copy(to: target.path)

    let taken = #expect(throws: StoreError.self) { try store.copy(to: target.path) }
    store.close()
    let closed = #expect(throws: StoreError.self) { try store.copy(to: target.path) }

    #expect(taken?.code == .system(EEXIST))
    #expect(closed?.code == .closed)
  }
}

/// A directory for one test, gone with it.
final class EmptyDirectory {
  let path = NSTemporaryDirectory() + "tally-empty-" + UUID().uuidString

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
