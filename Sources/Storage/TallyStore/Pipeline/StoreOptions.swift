package import EventLog

/// Settings of a store.
package struct StoreOptions: Sendable {
  /// The largest that the data file may become; 0 takes 40 % of data file and free disk together.
  package var mapSizeBytes: Int {
    get { map.ceilingBytes }
    set { map.ceilingBytes = newValue }
  }
  /// How large the map is made.
  var map = MapRule()
  /// A data file larger than this is compacted by itself once more of it is free than used.
  package var compactAboveBytes = 1 << 30
  package var log = LogOptions()
  /// Above this much log segments go once they are applied, whoever may need them.
  package var logKeepBytesMax: Int {
    get { log.keepBytesMax }
    set { log.keepBytesMax = newValue }
  }
  /// Applied segments younger than this are kept, in seconds.
  package var logKeepSeconds: Int {
    get { log.keepSeconds }
    set { log.keepSeconds = newValue }
  }
  /// With less free on the disk of the data directory no events are taken; nil for 1 GiB, or a
  /// twentieth of the disk if that is less.
  package var diskReserveBytes: Int?
  /// A fold ends after so long, or sooner.
  package var foldNanoseconds: Int64 = 250_000_000
  /// A fold ends at so much log.
  package var foldBytesMax = 32 << 20
  /// A fold ends at so many touched keys: well under the 131,071 dirty pages at which LMDB spills.
  package var foldKeysMax = 90_000
  /// With more than this durable and not applied, ingest streams are not read.
  package var lagBytesMax = 128 << 20
  /// Slots of the fold's cache of numbers: 2^19 has 93 % hits; each takes about 100 bytes.
  package var numberSlots = 1 << 19

  /// A data file up to this size is read whole before the store opens it, at about a second a
  /// gigabyte; of a larger one the pages that lead to others are, and Verify reads the rest.
  package var checkBytesMax = 1 << 30

  /// Size of a new file of the log, in bytes.
  package var logSegmentBytes: Int {
    get { log.segmentBytes }
    set { log.segmentBytes = newValue }
  }

  package init() {}

  /// For tests: small files, and a fold as soon as something is there.
  package static var small: StoreOptions {
    var options = StoreOptions()
    options.mapSizeBytes = 256 << 20
    options.log.segmentBytes = 1 << 20
    options.numberSlots = 1 << 12
    return options
  }
}
