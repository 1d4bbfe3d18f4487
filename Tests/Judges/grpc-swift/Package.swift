// swift-tools-version: 6.2
internal import PackageDescription

// A package of its own, so that Tally's never sees what grpc-swift-2 needs.
let package = Package(
  name: "grpc-swift-judge",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(url: "https://github.com/grpc/grpc-swift-2", exact: "2.4.3"),
    .package(url: "https://github.com/grpc/grpc-swift-nio-transport", exact: "2.9.2"),
  ],
  targets: [
    .executableTarget(
      name: "grpc-swift-judge",
      dependencies: [
        .product(name: "GRPCCore", package: "grpc-swift-2"),
        .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport"),
      ],
      path: "Sources",
      swiftSettings: [.treatAllWarnings(as: .error)])
  ]
)
