/// Who may use what, in the order of the data's way: a target uses what stands above it in this
/// table and in its own row. SwiftPM does not enforce it; the import check does.
struct TargetTable {
  struct Row {
    let layer: String
    let target: String
    let uses: Set<String>
    /// What code of this target is for: said when something else is found in it.
    let purpose: String
  }

  let rows: [Row]

  static let tally = TargetTable(rows: [
    row("Base", "CChecksum", [], "CRC32C"),
    row("Base", "CPrefetch", [], "the processor's prefetch instruction"),
    row("Base", "CZlib", [], "zlib"),
    row("Base", "CCrypto", [], "libcrypto: signatures"),
    row("Wire", "CNGHTTP2", [], "nghttp2"),
    row("Wire", "HTTP2", ["CNGHTTP2", "NIOCore"], "one HTTP/2 connection: bytes in, events out"),
    row(
      "Wire", "GRPC", ["HTTP2", "NIOCore", "NIOPosix", "NIOTLS", "Logging", "CZlib"],
      "calls over streams; it names no message format"),
    row(
      "Wire", "TLS", ["GRPC", "NIOCore", "NIOTLS", "NIOSSL"],
      "certificates, and TLS in front of calls"),
    row("Messages", "CProtobufC", [], "protobuf-c"),
    row("Messages", "CArena", ["CProtobufC"], "the arena that protobuf-c unpacks into"),
    row(
      "Messages", "Protobuf", ["CProtobufC", "CArena"],
      "what generated code leans on: arena, checked strings, decode errors"),
    row("Messages", "CTallyMessages", ["CProtobufC"], "generated C structs"),
    row(
      "Messages", "TallyMessages", ["CTallyMessages", "CProtobufC", "Protobuf", "GRPC"],
      "generated Swift values, service protocols and client stubs"),
    row("Model", "TallyModel", [], "facts, counting rules, score: pure code"),
    row("Storage", "CLMDB", [], "LMDB"),
    row("Storage", "LMDB", ["CLMDB"], "transactions and cursors; no domain word"),
    row("Storage", "EventLog", ["CChecksum"], "the ordered, durable log"),
    row(
      "Storage", "TallyStore", ["LMDB", "EventLog", "TallyModel", "CChecksum", "CPrefetch"],
      "tables, records, the fold, snapshots"),
    row(
      "Service", "TallyService",
      [
        "GRPC", "TallyMessages", "TallyModel", "TallyStore", "CChecksum", "CCrypto", "NIOCore",
        "NIOPosix",
        "Crypto", "JWTKit", "Logging", "Metrics",
      ], "messages, model and store meet: reports, ingest, access"),
    row(
      "Client", "TallyClient", ["GRPC", "TLS", "TallyMessages", "CChecksum", "Logging"],
      "connect, send events, iterate rows"),
    row(
      "Programs", "tallyd",
      [
        "TallyService", "TallyStore", "GRPC", "TLS", "ServiceLifecycle", "UnixSignals", "Logging",
        "ArgumentParser",
      ],
      "the server's command line"),
    row(
      "Programs", "tally", ["TallyClient", "TallyMessages", "CZlib", "ArgumentParser"],
      "the client's command line"),
    row(
      "Programs", "tally-bench", ["TallyClient", "TallyMessages", "ArgumentParser"],
      "load and latency"),
    row("Programs", "protoc-gen-tally", [], "a protoc plugin"),
  ])

  private static func row(
    _ layer: String, _ target: String, _ uses: Set<String>, _ purpose: String
  ) -> Row {
    Row(layer: layer, target: target, uses: uses, purpose: purpose)
  }

  subscript(target: String) -> Row? { rows.first { $0.target == target } }

  /// What a module of the toolchain is free for; `nil` for a module that is none of those.
  func isFreeToUse(_ module: String, in row: Row) -> Bool {
    switch module {
    case "Synchronization": true
    case "Glibc": row.target != "TallyModel"
    case "Foundation", "Dispatch": row.layer == "Programs"
    default: false
    }
  }

  /// C modules, whose types stay inside: but for the messages, whose generated code shows them.
  static let keepsInside: Set = [
    "CChecksum", "CPrefetch", "CZlib", "CCrypto", "CNGHTTP2", "CArena", "CLMDB",
  ]
}
