internal import ArgumentParser
internal import TallyMessages

/// What a data set is made of.
struct DataSetOptions: ParsableArguments, Sendable {
  @Option(help: ArgumentHelp("Events in all, the directory's included.", valueName: "count"))
  var events = 1_000_000

  @Option(help: ArgumentHelp("Courses (else a thousandth of the events).", valueName: "count"))
  var courses: Int?

  @Option(help: ArgumentHelp("Ids in the order of time, or random.", valueName: "order"))
  var ids = IDOrder.time

  @Option(help: ArgumentHelp("Another seed, other data.", valueName: "number"))
  var seed: UInt64 = 1

  func validate() throws {
    if events < 1 { throw ValidationError("--events is at least 1.") }
    if let courses, courses < 1 { throw ValidationError("--courses is at least 1.") }
    let shape = DataSet.Shape(events: events, courses: courses)
    if shape.directory > events {
      throw ValidationError(
        "\(shape.courses) courses and what belongs to them are \(shape.directory) events: "
          + "ask for at least as many --events, or fewer --courses.")
    }
  }
}

/// A deterministic stream of events as a learning platform makes them: first its directory, then
/// what people do, in order of time. Each event is a function of the seed and its number.
///
/// One course and one activity are very popular: with a million events and more, they have cells
/// above 65,535.
struct DataSet: Sendable {
  /// How many there are of each.
  struct Shape: Equatable, Sendable {
    let events: Int
    let groups: Int
    let users: Int
    let memberships: Int
    let courses: Int
    let activities: Int
    let paths: Int

    init(events: Int, courses: Int?) {
      self.events = events
      self.courses = courses ?? max(10, events / 1_000)
      users = min(200_000, max(50, events / 100))
      memberships = users + users / 5
      groups = max(5, users / 50)
      // Four a course, unless that would leave no room for what people do.
      let rest = events - self.courses - users - memberships - groups
      activities = max(self.courses / 4, min(4 * self.courses, rest / 3))
      paths = self.courses / 20
    }

    /// Events of the directory, which come first.
    var directory: Int { groups + users + memberships + courses + activities + paths }
  }

  /// 1 January 2024; the directory is made in the 30 days before.
  static let startSeconds: Int64 = 1_704_067_200
  private static let directorySeconds: Int64 = 30 * 86_400
  private static let activitySeconds: Int64 = 700 * 86_400

  let shape: Shape
  let seed: UInt64
  let ids: Identifiers

  init(_ options: DataSetOptions) {
    self.init(
      events: options.events, courses: options.courses, ids: options.ids, seed: options.seed)
  }

  init(events: Int, courses: Int? = nil, ids: IDOrder = .time, seed: UInt64 = 1) {
    shape = Shape(events: events, courses: courses)
    self.seed = seed
    self.ids = Identifiers(order: ids, seed: seed)
  }

  var count: Int { shape.events }

  /// The event of this number, from 0.
  func event(_ number: Int) -> Event {
    var rest = number
    for (count, fact) in directoryParts {
      if rest < count { return Event(occurredAt: time(number), fact: fact(self, rest)) }
      rest -= count
    }
    return Event(occurredAt: time(number), fact: action(number))
  }

  /// When the event of a number happened: evenly spread, the directory before all else.
  func time(_ number: Int) -> Google.Protobuf.Timestamp {
    let nanoseconds = nanosecondsAfterStart(number)
    return .init(
      seconds: Self.startSeconds + nanoseconds.second, nanos: Int32(nanoseconds.nanosecond))
  }

  func milliseconds(_ number: Int) -> Int64 {
    let time = time(number)
    return time.seconds * 1_000 + Int64(time.nanos) / 1_000_000
  }

  private var directoryParts: [(Int, (DataSet, Int) -> Event.Fact)] {
    [
      (shape.groups, { .group($0.group($1)) }),
      (shape.users, { .user($0.user($1)) }),
      (shape.memberships, { .membership($0.membership($1)) }),
      (shape.courses, { .course($0.course($1)) }),
      (shape.activities, { .activity($0.activity($1)) }),
      (shape.paths, { .path($0.path($1)) }),
    ]
  }

  private func nanosecondsAfterStart(_ number: Int) -> (second: Int64, nanosecond: Int64) {
    let directory = shape.directory
    let (place, count, length, start) =
      number < directory
      ? (number, directory, Self.directorySeconds, -Self.directorySeconds)
      : (number - directory, shape.events - directory, Self.activitySeconds, Int64(0))
    let step = length * 1_000_000_000 / Int64(max(1, count))
    let nanoseconds = Int64(place) * step
    return (start + nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000)
  }
}
