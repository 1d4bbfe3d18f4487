internal import Foundation
internal import Protobuf
internal import TallyMessages
internal import Testing

/// Google's protobuf (grpcio's) judges ours on the same bytes. See Tests/Judges/protobuf_judge.py.
@Suite struct `protobuf as Google has it` {
  private struct Case: Sendable {
    var type: String
    var wire: [UInt8]
    var json: String
  }

  private static let seed = ProcessInfo.processInfo.environment["TALLY_SEED"] ?? "1711"

  private static func cases() throws -> [Case] {
    let output = try python(["cases", seed, "40"])
    return output.split(separator: "\n").map { line in
      let parts = line.split(separator: "\t")
      return Case(type: String(parts[0]), wire: bytes(hex: parts[1]), json: String(parts[2]))
    }
  }

  @Test func `decoding and encoding gives the same bytes`() throws {
    for value in try Self.cases() {
      let message = try everyMessage(value.type).init(decoding: value.wire)

      #expect(message.encoded() == value.wire, "\(value.type) \(value.json), seed \(Self.seed)")
      #expect(message.encodedSize == value.wire.count)
    }
  }

  @Test func `protobuf-c packs the same bytes`() throws {
    for value in try Self.cases() {
      guard let descriptor = packedTypes[value.type] else { continue }
      let arena = try value.wire.withUnsafeBytes { bytes in
        try descriptor(bytes)
      }

      #expect(arena == value.wire, "\(value.type) \(value.json), seed \(Self.seed)")
    }
  }

  @Test func `Google's JSON is read as the same message`() throws {
    for value in try Self.cases() where value.json != "-" {
      let message = try everyMessage(value.type).init(json: value.json.utf8)

      #expect(message.encoded() == value.wire, "\(value.type) \(value.json), seed \(Self.seed)")
    }
  }

  @Test func `our JSON is Google's`() throws {
    var lines = ""
    for value in try Self.cases() where value.json != "-" {
      let json = try everyMessage(value.type).init(decoding: value.wire).json()
      lines += "\(value.type)\t\(hex(value.wire))\t\(String(decoding: json, as: UTF8.self))\n"
    }

    let verdict = try python(["check"], input: lines)

    #expect(verdict.hasSuffix("wrong 0\n"), "\(verdict)")
  }
}

/// The Swift type of a protobuf name.
func everyMessage(_ name: String) throws -> any Message.Type {
  try #require(messageTypes.first { $0.fullName == name }, "no test knows \(name)")
}

/// Every message of proto/: a new one is added here.
private let messageTypes: [any Message.Type] = [
  Google.Protobuf.Timestamp.self, Google.Protobuf.Duration.self, Google.Protobuf.AnyMessage.self,
  Google.Rpc.Status.self, Google.Rpc.ErrorInfo.self, Google.Rpc.RetryInfo.self,
  Google.Rpc.DebugInfo.self, Google.Rpc.QuotaFailure.self, Google.Rpc.QuotaFailure.Violation.self,
  Google.Rpc.PreconditionFailure.self, Google.Rpc.PreconditionFailure.Violation.self,
  Google.Rpc.BadRequest.self, Google.Rpc.BadRequest.FieldViolation.self,
  Google.Rpc.RequestInfo.self, Google.Rpc.ResourceInfo.self, Google.Rpc.Help.self,
  Google.Rpc.Help.Link.self, Google.Rpc.LocalizedMessage.self,
  Grpc.Health.V1.HealthCheckRequest.self, Grpc.Health.V1.HealthCheckResponse.self,
  Grpc.Health.V1.HealthListRequest.self, Grpc.Health.V1.HealthListResponse.self,
  Grpc.Reflection.V1.ServerReflectionRequest.self, Grpc.Reflection.V1.ExtensionRequest.self,
  Grpc.Reflection.V1.ServerReflectionResponse.self,
  Grpc.Reflection.V1.FileDescriptorResponse.self,
  Grpc.Reflection.V1.ExtensionNumberResponse.self, Grpc.Reflection.V1.ListServiceResponse.self,
  Grpc.Reflection.V1.ServiceResponse.self, Grpc.Reflection.V1.ErrorResponse.self,
  Grpc.Reflection.V1alpha.ServerReflectionRequest.self,
  Grpc.Reflection.V1alpha.ExtensionRequest.self,
  Grpc.Reflection.V1alpha.ServerReflectionResponse.self,
  Grpc.Reflection.V1alpha.FileDescriptorResponse.self,
  Grpc.Reflection.V1alpha.ExtensionNumberResponse.self,
  Grpc.Reflection.V1alpha.ListServiceResponse.self, Grpc.Reflection.V1alpha.ServiceResponse.self,
  Grpc.Reflection.V1alpha.ErrorResponse.self,
  Event.self, UserFact.self, GroupFact.self, MembershipFact.self, CourseFact.self,
  ActivityFact.self, PathFact.self, AttemptFact.self, ReactionFact.self, CommentFact.self,
  PostFact.self, LikeFact.self, DownloadFact.self,
  Revision.self, IngestRequest.self, IngestResponse.self, Verdict.self,
  ReportOptions.self, ReportHeader.self, ReportTrailer.self, ColumnSum.self,
  GroupUsersRequest.self, GroupUsersResponse.self, GroupUserRow.self, GroupsRequest.self,
  GroupsResponse.self, GroupRow.self, CourseActivitiesRequest.self,
  CourseActivitiesResponse.self, CourseActivityRow.self, CoursesRequest.self,
  CoursesResponse.self, CourseRow.self, UsersBehindRequest.self, UsersBehindResponse.self,
  UserBehindRow.self, StatusRequest.self, StatusResponse.self, FoldStatus.self, LogStatus.self,
  StoreStatus.self, ReaderStatus.self, FactCount.self, LimitCount.self,
  Alarm.self, DiskStatus.self, CompactRequest.self, CompactResponse.self, CompactProgress.self,
  CompactSummary.self, VerifyRequest.self, VerifyResponse.self, VerifyProgress.self,
  VerifyDifference.self, VerifySummary.self, BackupStatus.self, BackupRequest.self,
  BackupResponse.self, BackupHeader.self, BackupTrailer.self, WatchRequest.self,
  WatchResponse.self, WatchMark.self,
]

/// Unpacks and packs by protobuf-c alone.
private let packedTypes: [String: @Sendable (UnsafeRawBufferPointer) throws -> [UInt8]] = [
  Event.fullName: { try Arena(unpacking: $0, as: Event.cDescriptor).packed() },
  IngestRequest.fullName: { try Arena(unpacking: $0, as: IngestRequest.cDescriptor).packed() },
  IngestResponse.fullName: { try Arena(unpacking: $0, as: IngestResponse.cDescriptor).packed() },
  CoursesResponse.fullName: { try Arena(unpacking: $0, as: CoursesResponse.cDescriptor).packed() },
  GroupUsersRequest.fullName: {
    try Arena(unpacking: $0, as: GroupUsersRequest.cDescriptor).packed()
  },
  UsersBehindRequest.fullName: {
    try Arena(unpacking: $0, as: UsersBehindRequest.cDescriptor).packed()
  },
  StatusResponse.fullName: { try Arena(unpacking: $0, as: StatusResponse.cDescriptor).packed() },
]

// MARK: Python

private func python(_ arguments: [String], input: String = "") throws -> String {
  let script = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../Judges/protobuf_judge.py")
  let source = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try Data(input.utf8).write(to: source)
  defer { try? FileManager.default.removeItem(at: source) }
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = ["python3", script.path] + arguments
  process.standardInput = try FileHandle(forReadingFrom: source)
  let output = Pipe()
  process.standardOutput = output
  try process.run()
  let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  return String(decoding: bytes, as: UTF8.self)
}

func bytes(hex: some StringProtocol) -> [UInt8] {
  if hex == "-" { return [] }
  let digits = hex.compactMap(\.hexDigitValue).map { UInt8($0) }
  return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

private func hex(_ bytes: [UInt8]) -> String {
  if bytes.isEmpty { return "-" }
  return bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}
