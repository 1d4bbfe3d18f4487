/// Whole numbers in JSON, which may be written with a point or an exponent: `1.50e2` is 150.
struct JSONNumber {
  var isNegative: Bool
  var magnitude: UInt64

  /// - Parameter text: A number by JSON's grammar.
  /// - Returns: `nil` if it is not whole or its magnitude has more than 64 bits.
  static func integer(_ text: UnsafeRawBufferPointer) -> JSONNumber? {
    var position = 0
    let isNegative = text.first == UInt8(ascii: "-")
    if isNegative { position = 1 }
    var digits: [UInt8] = []
    var scale = 0
    var isFraction = false
    while position < text.count, text[position] | 0x20 != UInt8(ascii: "e") {
      if text[position] == UInt8(ascii: ".") {
        isFraction = true
      } else {
        digits.append(text[position] - UInt8(ascii: "0"))
        if isFraction { scale -= 1 }
      }
      position += 1
    }
    if position < text.count {
      // Beyond four digits any exponent is too large, or the number 0.
      let exponent = String(decoding: text[(position + 1)...], as: UTF8.self)
      scale += max(
        -10_000, min(10_000, Int(exponent) ?? (exponent.first == "-" ? -10_000 : 10_000)))
    }
    while scale < 0, let last = digits.last {
      guard last == 0 else { return nil }
      digits.removeLast()
      scale += 1
    }
    var magnitude: UInt64 = 0
    for digit in digits {
      guard let next = appending(digit, to: magnitude) else { return nil }
      magnitude = next
    }
    while magnitude != 0, scale > 0 {
      guard let next = appending(0, to: magnitude) else { return nil }
      magnitude = next
      scale -= 1
    }
    return JSONNumber(isNegative: isNegative, magnitude: magnitude)
  }

  private static func appending(_ digit: UInt8, to value: UInt64) -> UInt64? {
    let (tens, over) = value.multipliedReportingOverflow(by: 10)
    let (sum, carry) = tens.addingReportingOverflow(UInt64(digit))
    return over || carry ? nil : sum
  }
}
