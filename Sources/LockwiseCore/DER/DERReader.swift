/// The error for bytes that are not DER or not the expected element.
public struct DERError: Error, Equatable, Sendable {
  /// The position of the first wrong byte.
  let position: Int

  /// Makes an error about the byte at `position`.
  public init(position: Int) { self.position = position }
}

/// Reads ASN.1 data in the Distinguished Encoding Rules (X.690) element by element.
///
/// The reader is strict: lengths have their shortest form and are at most 2^24, and tags are one byte.
public struct DERReader: Sendable {
  private static let limit = 1 << 24

  private let bytes: [UInt8]
  private var position: Int
  private let end: Int

  /// Makes a reader. Call `finish` after the last element.
  public init(_ bytes: [UInt8]) { self.init(bytes, 0..<bytes.count) }

  private init(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  /// Whether everything was read.
  public var isAtEnd: Bool { position == end }

  /// Checks that everything was read.
  ///
  /// - Throws: `DERError` if bytes are left.
  public func finish() throws(DERError) {
    guard isAtEnd else { throw DERError(position: position) }
  }

  /// Enters a SEQUENCE.
  ///
  /// - Returns: a reader of its elements.
  /// - Throws: `DERError` if the next element is not one.
  public mutating func sequence() throws(DERError) -> DERReader { DERReader(bytes, try content(0x30)) }

  /// Reads an OCTET STRING.
  ///
  /// - Throws: `DERError` if the next element is not one.
  public mutating func octetString() throws(DERError) -> [UInt8] { Array(bytes[try content(0x04)]) }

  /// Reads an OBJECT IDENTIFIER.
  ///
  /// - Returns: its arcs, separated by dots.
  /// - Throws: `DERError` if the next element is not one.
  public mutating func objectIdentifier() throws(DERError) -> String {
    let range = try content(0x06)
    var arcs: [UInt64] = []
    var value: UInt64 = 0
    var isInside = false
    for index in range {
      // A leading 0x80 would be a leading zero (X.690 section 8.19.2).
      guard isInside || bytes[index] != 0x80, value < 1 << 56 else { throw DERError(position: index) }
      value = value << 7 | UInt64(bytes[index] & 0x7F)
      isInside = bytes[index] & 0x80 != 0
      if isInside { continue }
      if arcs.isEmpty {
        let first = min(value / 40, 2)
        arcs = [first, value - first * 40]
      } else {
        arcs.append(value)
      }
      value = 0
    }
    guard !arcs.isEmpty, !isInside else { throw DERError(position: range.lowerBound) }
    return arcs.map { String($0) }.joined(separator: ".")
  }

  /// Reads an INTEGER from 0 to 2^31 - 1.
  ///
  /// - Throws: `DERError` if the next element is not one.
  public mutating func integer() throws(DERError) -> Int {
    let range = try content(0x02)
    let isMinimal =
      range.count == 1 || (range.count > 1 && (bytes[range.lowerBound] != 0 || bytes[range.lowerBound + 1] >= 0x80))
    guard isMinimal, range.count <= 5, bytes[range.lowerBound] < 0x80 else {
      throw DERError(position: range.lowerBound)
    }
    let value = range.reduce(0) { $0 << 8 | Int(bytes[$1]) }
    guard value <= Int(Int32.max) else { throw DERError(position: range.lowerBound) }
    return value
  }

  /// Reads a NULL.
  ///
  /// - Throws: `DERError` if the next element is not one.
  public mutating func null() throws(DERError) {
    let range = try content(0x05)
    guard range.isEmpty else { throw DERError(position: range.lowerBound) }
  }

  /// Moves past an element with this tag.
  ///
  /// - Returns: the range of its content.
  private mutating func content(_ tag: UInt8) throws(DERError) -> Range<Int> {
    guard position < end, bytes[position] == tag else { throw DERError(position: position) }
    var next = position + 1
    guard next < end else { throw DERError(position: next) }
    var length = Int(bytes[next])
    next += 1
    if length >= 0x80 {
      let count = length - 0x80
      guard (1...3).contains(count), end - next >= count else { throw DERError(position: next - 1) }
      length = bytes[next..<next + count].reduce(0) { $0 << 8 | Int($1) }
      guard length >= 0x80, bytes[next] != 0, length < Self.limit else { throw DERError(position: next) }
      next += count
    }
    guard end - next >= length else { throw DERError(position: next) }
    position = next + length
    return next..<position
  }
}
