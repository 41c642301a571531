import Glibc
import LockwiseCore

/// The name of an entry as the sealed list of names has it (`EntryList`), from which most references follow without the
/// login.
struct ReferenceName {
  /// The name without `#` and digits.
  private let text: UnsafeRawBufferPointer
  private let kind: EntryList.NameKind
  /// The part before the first slash: the host and its port, or the first part of a free entry.
  private let first: UnsafeRawBufferPointer
  /// The user name after the first slash; empty without a slash.
  private let username: UnsafeRawBufferPointer

  /// Makes a name.
  ///
  /// - Returns: `nil` if only the login tells what the name consists of.
  init?(_ row: EntryList.Row, in storage: UnsafeRawBufferPointer) {
    guard row.kind != .other, let base = storage.baseAddress.map({ $0 + Int(row.name) }) else { return nil }
    let count = Int(row.plainCount)
    let slash = memchr(base, Int32(Self.slash), count).map { UnsafeRawPointer($0) - base }
    let start = slash.map { $0 + 1 } ?? count
    text = UnsafeRawBufferPointer(start: base, count: count)
    kind = row.kind
    first = UnsafeRawBufferPointer(start: base, count: slash ?? count)
    username = UnsafeRawBufferPointer(start: base + start, count: count - start)
  }

  /// A number that names with the same text and kind share, and few others (FNV-1a).
  var hash: UInt64 { Self.hash(text, kind) }

  /// Returns the number for a text and a kind.
  static func hash(_ text: some Sequence<UInt8>, _ kind: EntryList.NameKind) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(kind.rawValue)
    for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return hash
  }

  /// The login as far as references need it.
  ///
  /// - Parameter guid: the login's GUID.
  func source(guid: String) -> LoginReferences.Source {
    let first = String(decoding: first, as: UTF8.self)
    let place: Reference.Place? =
      kind == .free ? .free(firstPart: first) : Origin(scheme: "https", authority: first).map { .site($0) }
    return .init(place: place, username: String(decoding: username, as: UTF8.self), guid: guid)
  }

  /// Appends the reference of the password, if no other login shares the name.
  ///
  /// - Returns: whether the name has a plain form, so that the reference is what `Reference.text` would be: the host has
  ///   a dot, so that it is neither a scheme nor a GUID, and everything is ASCII. If not, nothing is appended.
  func appendReference(to line: inout [UInt8]) -> Bool {
    let start = line.count
    line.append(contentsOf: UnsafeBufferPointer(start: Reference.scheme.utf8Start, count: Self.schemeCount))
    let isPlain: Bool
    if kind == .site {
      isPlain = Self.isPlainHost(first)
      line.append(contentsOf: first)
    } else {
      line.append(contentsOf: "pass:".utf8)
      isPlain = first.last.map { $0 != UInt8(ascii: ":") } ?? false && Self.append(first, to: &line)
    }
    line.append(Self.slash)
    guard isPlain, Self.append(username, to: &line) else {
      line.removeSubrange(start...)
      return false
    }
    if username.isEmpty { line.append(contentsOf: "/password".utf8) }
    return true
  }

  private static let slash = UInt8(ascii: "/")
  private static let schemeCount = Reference.scheme.utf8CodeUnitCount

  /// Returns whether a text is a host name with a dot, and perhaps a port.
  private static func isPlainHost(_ text: UnsafeRawBufferPointer) -> Bool {
    var hasDot = false
    for byte in text {
      switch byte {
      case UInt8(ascii: "."): hasDot = true
      case UInt8(ascii: ":"): return hasDot
      case 0x30...0x39, 0x61...0x7A, UInt8(ascii: "-"): break
      default: return false
      }
    }
    return hasDot
  }

  /// Appends a segment, encoded.
  ///
  /// - Returns: `false` if it is not ASCII.
  private static func append(_ text: UnsafeRawBufferPointer, to line: inout [UInt8]) -> Bool {
    if text.allSatisfy(Reference.isKept) {
      line.append(contentsOf: text)
      return true
    }
    for byte in text {
      if byte >= 0x80 { return false }
      if Reference.isKept(byte) { line.append(byte) } else { line += PercentEncoding.sequence(for: byte) }
    }
    return true
  }
}
