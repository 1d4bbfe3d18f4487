internal import GRPC
internal import TallyMessages
internal import TallyStore

/// What every report starts from: its snapshot, and the tenant as that has it.
struct ReportFrame: ~Copyable {
  let snapshot: Snapshot
  let tenant: Tenant
  /// The id behind which the rows begin; nil for all rows.
  let after: [UInt8]?
  /// What the reader loop keeps: names of users and groups.
  let lane: ReaderLane

  /// - Throws: NOT_FOUND for a tenant without a batch.
  init(_ store: Store, tenant name: String, after: [UInt8]? = nil, lane: ReaderLane) throws {
    let snapshot = try store.snapshot()
    guard let tenant = try snapshot.tenant(name) else { throw notFound("tenant", name) }
    self.snapshot = snapshot
    self.tenant = tenant
    self.after = after
    self.lane = lane
  }

  /// The header of the report, but for the number of rows.
  var header: ReportHeader {
    ReportHeader(
      revision: Revision(
        storeId: snapshot.identity.storeID, timeline: snapshot.identity.timeline,
        position: snapshot.revision),
      snapshotTime: .init(nanoseconds: snapshot.time),
      rulesVersion: UInt32(snapshot.identity.rulesVersion))
  }
}

/// Nothing has that id, as far as the directory knows.
func notFound(_ kind: String, _ id: String) -> RPCError {
  .notFound(kind, id)
}
