/// What a run measured: lines for people, or one line of JSON.
struct Figures {
  /// A number and its unit, if it has one.
  struct Figure {
    let name: String
    let value: Double
    let unit: String
  }

  private(set) var figures: [Figure] = []

  mutating func add(_ name: String, _ value: some BinaryInteger, _ unit: String = "") {
    figures.append(Figure(name: name, value: Double(value), unit: unit))
  }

  mutating func add(_ name: String, _ value: Double, _ unit: String = "") {
    figures.append(Figure(name: name, value: value, unit: unit))
  }

  /// One figure a line, or all in one object whose names have `_` for blanks.
  func text(json: Bool) -> String {
    if json {
      let members = figures.map { figure in
        let unit = figure.unit.isEmpty ? "" : " " + figure.unit
        let name = (figure.name + unit).map { $0 == " " ? "_" : $0 == "/" ? "_per_" : String($0) }
        return "\"\(name.joined())\":\(Self.digits(figure.value))"
      }
      return "{\(members.joined(separator: ","))}"
    }
    let width = figures.map(\.name.count).max() ?? 0
    return figures.map { figure in
      figure.name + String(repeating: " ", count: width - figure.name.count + 2)
        + Self.digits(figure.value) + (figure.unit.isEmpty ? "" : " " + figure.unit)
    }.joined(separator: "\n")
  }

  /// Whole numbers as such, others with three decimals.
  private static func digits(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
    let thousandths = Int64((value * 1_000).rounded())
    let fraction = String(thousandths.magnitude % 1_000)
    return (value < 0 ? "-" : "") + String(thousandths.magnitude / 1_000) + "."
      + String(repeating: "0", count: 3 - fraction.count) + fraction
  }
}

extension Duration {
  /// In seconds.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}

/// The value that a share of all values does not exceed.
///
/// - Parameter sorted: in ascending order, not empty.
func percentile(_ share: Double, of sorted: [Double]) -> Double {
  sorted[min(sorted.count - 1, Int((Double(sorted.count) * share).rounded(.up)) - 1)]
}
