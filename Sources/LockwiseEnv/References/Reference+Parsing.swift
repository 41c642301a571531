import LockwiseCore

extension Reference {
  /// Parses a reference.
  ///
  /// - Parameters:
  ///   - text: the reference with its `lockwise://`, and with variables already replaced.
  ///   - needsScheme: whether `lockwise://` must be there.
  init(parsing text: [UInt8], needsScheme: Bool = true) throws(ReferenceError) {
    let hasScheme = Self.begins(text)
    guard hasScheme || !needsScheme else { throw .noScheme }
    let body = hasScheme ? text[Self.scheme.utf8CodeUnitCount...] : text[...]
    try self.init(segments: body.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false))
  }

  /// Returns whether a text begins with `lockwise://`.
  static func begins(_ text: some Sequence<UInt8>) -> Bool {
    text.starts(with: UnsafeBufferPointer(start: scheme.utf8Start, count: scheme.utf8CodeUnitCount))
  }

  private init(segments: [ArraySlice<UInt8>]) throws(ReferenceError) {
    let host = try ReferenceSegment(segments[0])
    if segments.count > 2, segments[1].isEmpty, host.digits == nil, host.text.utf8.last == UInt8(ascii: ":") {
      try self.init(scheme: String(host.text.dropLast()), segments.dropFirst(2))
      return
    }
    guard !host.text.isEmpty else { throw .noHost }
    if host.digits == nil, let guid = Self.guid(host.text) {
      guard segments.count <= 2 else { throw .tooManySegments }
      self.init(login: .guid(guid), field: try Self.field(segments.dropFirst()))
      return
    }
    guard segments.count <= 3 else { throw .tooManySegments }
    guard let place = Place(named: host.text) else { throw .invalidHost }
    let user: ReferenceSegment? = if segments.count > 1 { try ReferenceSegment(segments[1]) } else { nil }
    // lockwise-pass shows a login without a user name as `HOST#DIGITS`.
    guard host.digits == nil || user == nil || (user?.text == "" && user?.digits == nil) else { throw .numberSign }
    self.init(
      login: .entry(place, username: user?.text, digits: user?.digits ?? host.digits),
      field: try Self.field(segments.dropFirst(2)))
  }

  /// Parses the form `SCHEME://[USER@]HOST[:PORT][/FIELD]`.
  ///
  /// - Parameter segments: those after the two slashes, at least one.
  private init(scheme: String, _ segments: ArraySlice<ArraySlice<UInt8>>) throws(ReferenceError) {
    guard segments.count <= 2, let authority = segments.first else { throw .tooManySegments }
    let at = authority.lastIndex(of: UInt8(ascii: "@"))
    let host = try ReferenceSegment(authority[(at.map { $0 + 1 } ?? authority.startIndex)...])
    guard !host.text.isEmpty else { throw .noHost }
    guard let place = Place(scheme: scheme, authority: host.text) else { throw .invalidHost }
    let user: String? = if let at { try ReferenceSegment(authority[..<at]).withoutDigits } else { nil }
    self.init(
      login: .entry(place, username: user, digits: host.digits), field: try Self.field(segments.dropFirst()))
  }

  private static func field(_ segments: ArraySlice<ArraySlice<UInt8>>) throws(ReferenceError) -> ReferenceField {
    guard let segment = segments.first else { return .password }
    let name = try ReferenceSegment(segment).withoutDigits
    guard !name.isEmpty else { throw .noField }
    return ReferenceField(name)
  }

  /// Returns the GUID that a host stands for; `nil` if it is a host.
  ///
  /// Firefox's GUIDs are UUIDs in braces. Those of other clients are 12 characters of Base64url, which can also be those
  /// of a host: it is a GUID if one of them is a capital letter or `_`. Any other GUID is written in braces.
  static func guid(_ host: String) -> String? {
    let bytes = Array(host.utf8)
    if bytes.count > 2, bytes.first == UInt8(ascii: "{"), bytes.last == UInt8(ascii: "}") {
      return isUUID(bytes.dropFirst().dropLast()) ? host : String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self)
    }
    guard bytes.count == 12, bytes.contains(where: { (0x41...0x5A).contains($0) || $0 == UInt8(ascii: "_") }) else {
      return nil
    }
    return bytes.allSatisfy(isBase64URLDigit) ? host : nil
  }

  private static func isUUID(_ bytes: ArraySlice<UInt8>) -> Bool {
    let parts = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    return parts.map(\.count) == [8, 4, 4, 4, 12]
      && parts.joined().allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20) }
  }

  private static func isBase64URLDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
    default: false
    }
  }
}

extension Reference.Place {
  /// Makes the place that the first segment of a reference names: `HOST[:PORT]` for https, `SCHEME:HOST[:PORT]`, or
  /// `pass:` and the first part of a free entry's name.
  ///
  /// - Returns: `nil` if no login can have the host.
  init?(named text: String) {
    let colon = text.utf8.first == UInt8(ascii: "[") ? nil : text.utf8.firstIndex(of: UInt8(ascii: ":"))
    if let colon {
      let scheme = text[..<colon].lowercased()
      let rest = String(text[text.utf8.index(after: colon)...])
      let isPort = rest.utf8.allSatisfy { (0x30...0x39).contains($0) }
      if scheme == FreeEntry.scheme || Origin.isKnown(scheme: scheme) || !isPort {
        self.init(scheme: scheme, authority: rest)
        return
      }
      guard !rest.isEmpty else { return nil }
    }
    self.init(scheme: "https", authority: text)
  }

  /// Makes the place of a scheme and a host with its port.
  ///
  /// - Returns: `nil` if no login can have them.
  init?(scheme: String, authority: String) {
    guard !authority.isEmpty, authority.utf8.last != UInt8(ascii: ":") || scheme.lowercased() == FreeEntry.scheme else {
      return nil
    }
    if scheme.lowercased() == FreeEntry.scheme {
      self = .free(firstPart: authority)
    } else {
      guard let origin = Origin(scheme: scheme, authority: authority), !origin.host.isEmpty else { return nil }
      self = .site(origin)
    }
  }
}
