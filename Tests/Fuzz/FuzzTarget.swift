/// One thing that is fuzzed.
protocol FuzzTarget: SendableMetatype {
  /// What it is called on the command line.
  static var name: String { get }

  /// Takes one input and ends the program if what must hold for every input does not hold.
  static func run(_ bytes: UnsafeRawBufferPointer)

  /// Inputs to begin with: what honest peers and our own files look like.
  static func seeds() -> [[UInt8]]
}

/// All targets, in the order in which Scripts/fuzz runs them.
let fuzzTargets: [any FuzzTarget.Type] = [
  ServerSessionTarget.self, ClientSessionTarget.self, SessionPairTarget.self,
  DeframerTarget.self, MetadataTarget.self,
  MessageTarget.self, EventFileTarget.self,
  LogTarget.self, RecordTarget.self,
]

/// Ends the program unless `condition` holds: the fuzzer keeps the input.
func require(
  _ condition: Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID,
  line: UInt = #line
) {
  if !condition { fatalError(message(), file: file, line: line) }
}
