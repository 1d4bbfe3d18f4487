internal import NIOCore
internal import TallyStore

/// What a reader loop keeps from report to report.
struct ReaderLane: Sendable {
  private let box: NIOLoopBoundBox<NameCache?>

  init(_ loop: any EventLoop) {
    box = .makeEmptyBox(valueType: NameCache.self, eventLoop: loop)
  }

  /// The loop's cache of names; on the loop only.
  var names: NameCache {
    if let names = box.value { return names }
    let names = NameCache()
    box.value = names
    return names
  }
}
