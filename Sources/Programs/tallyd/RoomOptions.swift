internal import ArgumentParser
internal import TallyStore

/// What is kept free on the disk, and when room is given back.
struct RoomOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "With less free on its disk no events are taken. Default: 1G, or a 20th of the disk.",
      valueName: "size"))
  var diskReserve: ByteCount?

  @Option(
    help: """
      A data file larger than this is compacted once more of it is free than used. The disk needs \
      room for the copy.
      """)
  var compactAbove = ByteCount(bytes: StoreOptions().compactAboveBytes)

  @Option(
    help: """
      The size of the event log above which its oldest files go once they are in the reports, even \
      if the newest backup needs them to be brought up to date.
      """)
  var logKeepSize = ByteCount(bytes: StoreOptions().logKeepBytesMax)

  @Option(
    help: """
      How long files of the event log are kept, such as 12h or 7d; longer if the newest backup \
      needs them.
      """)
  var logKeepAge = Age(seconds: StoreOptions().logKeepSeconds)

  func set(_ options: inout StoreOptions) {
    options.diskReserveBytes = diskReserve?.bytes
    options.compactAboveBytes = compactAbove.bytes
    options.logKeepBytesMax = logKeepSize.bytes
    options.logKeepSeconds = logKeepAge.seconds
  }
}

/// A time on the command line, such as 90s, 30m, 12h or 7d.
struct Age: ExpressibleByArgument {
  private static let units: [(letter: Character, seconds: Int)] = [
    ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1),
  ]

  let seconds: Int

  init(seconds: Int) {
    self.seconds = seconds
  }

  /// At most a thousand years.
  init?(argument: String) {
    guard let unit = Self.units.first(where: { $0.letter == argument.last }),
      let number = Int(argument.dropLast()), number >= 0, number <= 31_536_000_000 / unit.seconds
    else { return nil }
    seconds = number * unit.seconds
  }

  var defaultValueDescription: String {
    for unit in Self.units where seconds > 0 && seconds % unit.seconds == 0 {
      return "\(seconds / unit.seconds)\(unit.letter)"
    }
    return "\(seconds)s"
  }
}
