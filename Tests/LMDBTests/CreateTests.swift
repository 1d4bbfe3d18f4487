internal import Foundation
internal import Testing

@testable internal import LMDB

@Suite struct `a new data file` {
  @Test(arguments: [0, 1, 4_096, 8_191, 20_000])
  func `does not mind what a kill left of an earlier attempt`(bytes: Int) throws {
    let directory = try EnvironmentDirectory()
    let unfinished = directory.path + "/data.unfinished"
    try FileManager.default.createDirectory(atPath: unfinished, withIntermediateDirectories: false)
    try Data(repeating: 0x5A, count: bytes)
      .write(to: URL(fileURLWithPath: unfinished + "/data.mdb"))

    let environment = try directory.open()

    #expect(try environment.usage().filePages >= 2)
    #expect(!FileManager.default.fileExists(atPath: unfinished))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
        == ["data.mdb", "lock.mdb"])
  }

  @Test func `that cannot be made leaves none, and the directory free`() throws {
    let directory = try EnvironmentDirectory()
    let inTheWay = directory.path + "/data.unfinished"
    try Data().write(to: URL(fileURLWithPath: inTheWay))

    let error = #expect(throws: LMDBError.self) { try directory.open() }
    #expect(error?.message.contains("cannot make the data file '\(directory.path)") == true)
    #expect(!FileManager.default.fileExists(atPath: directory.path + "/data.mdb"))

    try FileManager.default.removeItem(atPath: inTheWay)
    _ = try directory.open()
  }

  @Test func `is not made in the place of one that is damaged`() throws {
    let directory = try EnvironmentDirectory()
    let file = URL(fileURLWithPath: directory.path + "/data.mdb")
    try Data(repeating: 0x5A, count: 4_096).write(to: file)

    #expect(throws: LMDBError.self) { try directory.open() }

    #expect(try Data(contentsOf: file) == Data(repeating: 0x5A, count: 4_096))
  }
}
