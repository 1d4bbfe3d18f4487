/// What became of an event.
package enum EventVerdict: UInt8, Sendable {
  case applied = 0
  /// The same version of the same fact was there.
  case duplicate = 1
  /// A version was there that goes before it.
  case superseded = 2
  /// A fact of a user who was erased.
  case erased = 3
}

/// What a fold did.
package struct FoldResult: Sendable {
  /// The last record in it, and when that was accepted.
  package var position: UInt64 = 0
  package var time: Int64 = 0
  /// Keys written or removed.
  package var touchedKeys = 0
  package var batches: [FoldedBatch] = []
  /// A verdict for each event of all batches in order: raw values of `EventVerdict`.
  package var verdicts: [UInt8] = []

  package var events: Int { verdicts.count }
}

/// A batch of a fold: its verdicts are `result.verdicts[events]`.
package struct FoldedBatch: Sendable {
  package let position: UInt64
  package let events: Range<Int>
  package internal(set) var applied = 0
  package internal(set) var duplicates = 0
  package internal(set) var superseded = 0
}
