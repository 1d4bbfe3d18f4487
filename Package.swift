// swift-tools-version: 6.2
import PackageDescription

// The targets in the order of the data's way, one line each. A target uses only what stands above
// it and is named in its line; Tests/TidyTests checks every import against the same table.
//
// System libraries (Debian): libnghttp2-dev libprotobuf-c-dev liblmdb-dev zlib1g-dev libssl-dev.

let allTargets: [Target] = [
  // Base: what every layer may use.
  c("CChecksum", in: "Base"),
  c("CPrefetch", in: "Base"),
  system("CZlib", in: "Base", pkgConfig: "zlib", apt: "zlib1g-dev"),
  system("CCrypto", in: "Base", pkgConfig: "libcrypto", apt: "libssl-dev"),

  // Wire: bytes to calls.
  system("CNGHTTP2", in: "Wire", pkgConfig: "libnghttp2", apt: "libnghttp2-dev"),
  swift("HTTP2", in: "Wire", uses: ["CNGHTTP2", .nioCore]),
  swift("GRPC", in: "Wire", uses: ["HTTP2", "CZlib", .nioCore, .nioPosix, .nioTLS, .logging]),
  swift("TLS", in: "Wire", uses: ["GRPC", .nioCore, .nioTLS, .nioSSL]),

  // Messages: calls to typed values.
  system("CProtobufC", in: "Messages", pkgConfig: "libprotobuf-c", apt: "libprotobuf-c-dev"),
  c("CArena", in: "Messages", uses: ["CProtobufC"]),
  swift("Protobuf", in: "Messages", uses: ["CProtobufC", "CArena"]),
  c("CTallyMessages", in: "Messages", uses: ["CProtobufC"]),
  swift(
    "TallyMessages", in: "Messages", uses: ["CTallyMessages", "CProtobufC", "Protobuf", "GRPC"]),

  // Model: what the numbers mean.
  swift("TallyModel", in: "Model", settings: .strict),

  // Storage: facts to pages.
  system("CLMDB", in: "Storage", pkgConfig: "lmdb", apt: "liblmdb-dev"),
  swift("LMDB", in: "Storage", uses: ["CLMDB"], settings: .spans),
  swift("EventLog", in: "Storage", uses: ["CChecksum"]),
  swift(
    "TallyStore", in: "Storage", uses: ["LMDB", "EventLog", "TallyModel", "CChecksum", "CPrefetch"]),

  // Service: where messages, model and storage meet.
  swift(
    "TallyService", in: "Service",
    uses: [
      "GRPC", "TallyMessages", "TallyModel", "TallyStore", "CChecksum", "CCrypto", .nioCore,
      .nioPosix, .logging,
    ]),

  // Client.
  swift("TallyClient", in: "Client", uses: ["GRPC", "TLS", "TallyMessages", "CChecksum"]),

  // Programs.
  program(
    "tallyd",
    uses: ["TallyService", "TallyStore", "GRPC", "TLS", .lifecycle, .logging, .argumentParser]),
  program("tally", uses: ["TallyClient", "TallyMessages", "CZlib", .argumentParser]),
  program("tally-bench", uses: ["TallyClient", "TallyMessages", .argumentParser]),
  program("protoc-gen-tally", uses: []),

  // Tests.
  .target(
    name: "TestSupport", dependencies: ["TallyModel", "CZlib"], path: "Tests/TestSupport",
    swiftSettings: .common),
  .target(
    name: "CTestMessages", dependencies: ["CProtobufC"], path: "Tests/Messages/CTestMessages",
    cSettings: [.treatAllWarnings(as: .error)]),
  .target(
    name: "TestMessages",
    dependencies: ["CTestMessages", "CProtobufC", "Protobuf", "GRPC", "TallyMessages"],
    path: "Tests/Messages/TestMessages", swiftSettings: .common),
  .executableTarget(
    name: "interop",
    dependencies: ["GRPC", "TLS", "Protobuf", "TallyMessages", "TestMessages", .argumentParser],
    path: "Tests/Programs/interop", swiftSettings: .common),
  .executableTarget(
    name: "conformance",
    dependencies: ["GRPC", "TLS", "Protobuf", "TallyMessages", "TestMessages"],
    path: "Tests/Programs/conformance", swiftSettings: .common),
  tests("TidyTests"),
  tests("HTTP2Tests", uses: ["HTTP2", .nioCore]),
  tests("GRPCTests", uses: ["GRPC", "HTTP2", .nioCore, .nioPosix, .nioTLS, .logging]),
  tests("TLSTests", uses: ["TLS", "GRPC", .nioCore, .nioPosix, .nioSSL]),
  tests("ProtobufTests", uses: ["Protobuf", "TallyMessages"]),
  tests("TallyModelTests", uses: ["TallyModel"]),
  tests("LMDBTests", uses: ["LMDB"]),
  tests("EventLogTests", uses: ["EventLog", "CChecksum"]),
  tests("TallyStoreTests", uses: ["TallyStore", "TallyModel", "LMDB", "EventLog"]),
  tests(
    "TallyServiceTests",
    uses: [
      "TallyService", "TallyStore", "TallyModel", "TallyMessages", "GRPC", "CChecksum", .logging,
    ]),
  tests("TallyClientTests", uses: ["TallyClient", "TallyMessages", "GRPC", "CChecksum"]),
  tests("ProgramTests", uses: ["TallyClient", "TallyMessages", "tally", "tally-bench", "tallyd"]),
]

// Names of targets, with commas between: then only these and what they use are built. For builds
// that would take too long with everything in them, such as TLS under a sanitizer.
let part = Context.environment["TALLY_PART"]

// Only built by name: `tally-fuzz` takes the place of a program that reads its sources too.
let fuzzTargets: [Target] = [
  .target(
    name: "EventFiles", dependencies: ["TallyMessages", "CZlib"], path: "Sources/Programs/tally",
    exclude: ["Commands", "Options", "Output", "Reports", "Tally.swift"],
    swiftSettings: .common),
  .executableTarget(
    name: "tally-fuzz",
    dependencies: [
      "HTTP2", "GRPC", "Protobuf", "TallyMessages", "EventFiles", "CZlib", "EventLog",
      "TallyStore", "TallyModel", "CChecksum",
    ], path: "Tests/Fuzz", swiftSettings: .common),
]

let targets = part.map { needed(for: $0, of: allTargets + fuzzTargets) } ?? allTargets

/// The targets of these names and all that they use.
func needed(for names: String, of targets: [Target]) -> [Target] {
  var wanted = Set(names.split(separator: ",").map { String($0) })
  for target in targets.reversed() where wanted.contains(target.name) {
    for case .byNameItem(let name, _) in target.dependencies { wanted.insert(name) }
  }
  return targets.filter { wanted.contains($0.name) }
}

let package = Package(
  name: "tally",
  products: part != nil
    ? []
    : [
      .library(name: "TallyClient", targets: ["TallyClient"]),
      .executable(name: "tallyd", targets: ["tallyd"]),
      .executable(name: "tally", targets: ["tally"]),
      .executable(name: "tally-bench", targets: ["tally-bench"]),
    ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: targets
)

extension Target.Dependency {
  static var nioCore: Self { .product(name: "NIOCore", package: "swift-nio") }
  static var nioPosix: Self { .product(name: "NIOPosix", package: "swift-nio") }
  static var nioTLS: Self { .product(name: "NIOTLS", package: "swift-nio") }
  static var nioSSL: Self { .product(name: "NIOSSL", package: "swift-nio-ssl") }
  static var logging: Self { .product(name: "Logging", package: "swift-log") }
  static var argumentParser: Self {
    .product(name: "ArgumentParser", package: "swift-argument-parser")
  }
  static var lifecycle: Self {
    .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
  }
}

extension [SwiftSetting] {
  static var common: Self {
    [
      .treatAllWarnings(as: .error),
      .enableUpcomingFeature("ExistentialAny"),
      .enableUpcomingFeature("InternalImportsByDefault"),
      .enableUpcomingFeature("MemberImportVisibility"),
      .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ]
  }
  /// Every unsafe line says so. Not for the targets at the border to C, where each line would.
  static var strict: Self { [.strictMemorySafety()] }
  /// Spans tied to what they point into. Experimental, so in this one leaf target only.
  static var spans: Self { [.enableExperimentalFeature("Lifetimes")] }
}

func swift(
  _ name: String, in layer: String, uses: [Target.Dependency] = [], settings: [SwiftSetting] = []
) -> Target {
  .target(
    name: name, dependencies: uses, path: "Sources/\(layer)/\(name)",
    swiftSettings: .common + settings)
}

func c(_ name: String, in layer: String, uses: [Target.Dependency] = []) -> Target {
  .target(
    name: name, dependencies: uses, path: "Sources/\(layer)/\(name)",
    cSettings: [.treatAllWarnings(as: .error)])
}

func system(_ name: String, in layer: String, pkgConfig: String, apt: String) -> Target {
  .systemLibrary(
    name: name, path: "Sources/\(layer)/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

func program(_ name: String, uses: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: uses, path: "Sources/Programs/\(name)", swiftSettings: .common)
}

func tests(_ name: String, uses: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: name, dependencies: ["TestSupport"] + uses, path: "Tests/\(name)", swiftSettings: .common)
}
