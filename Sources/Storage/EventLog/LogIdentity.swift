/// Whose log it is. Every segment says so, and every record's checksum depends on the store.
package struct LogIdentity: Sendable, Equatable {
  /// 16 random bytes.
  package let storeID: [UInt8]
  /// One more after each restore that did not have the newest log.
  package let timeline: UInt32
  package let partition: UInt16

  package init(storeID: [UInt8], timeline: UInt32, partition: UInt16 = 0) {
    precondition(storeID.count == 16, "a store id has 16 bytes, not \(storeID.count)")
    self.storeID = storeID
    self.timeline = timeline
    self.partition = partition
  }
}
