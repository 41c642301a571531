import LockwiseCore

extension Reference {
  /// The reference of this login and field as text: the shortest form that is parsed as the same reference.
  var text: String {
    let forms = [entryText, urlText].compactMap(\.self)
    let form = forms.first { (try? Reference(parsing: Array($0.utf8))) == self }
    return form ?? forms[0]
  }

  private var entryText: String? {
    let start = "\(Self.scheme)"
    let fieldText = field == .password ? "" : "/" + Self.encode(field.name)
    guard case .entry(let place, let username, let digits) = login else {
      guard case .guid(let guid) = login else { return nil }
      let isPlain = Reference.guid(guid).map { $0.isSameText(as: guid) } ?? false
      return start + (isPlain ? Self.encode(guid, others: "{}") : "{" + Self.encode(guid) + "}") + fieldText
    }
    guard let username else { return start + Self.encode(place.name) + fieldText }
    let digitsText = digits.map { "#" + Self.encode($0) } ?? ""
    // `HOST/` alone looks like a slip.
    let isBare = username.isEmpty && digits == nil && field == .password
    return start + Self.encode(place.name) + "/" + Self.encode(username) + digitsText
      + (isBare ? "/password" : fieldText)
  }

  private var urlText: String? {
    guard case .entry(let place, let username, let digits) = login else { return nil }
    // The last `@` as it is separates user and host.
    let others = ":+,=[]"
    let user = username.map { Self.encode($0, others: others) + "@" } ?? ""
    let digitsText = digits.map { "#" + Self.encode($0, others: others) } ?? ""
    let fieldText = field == .password ? "" : "/" + Self.encode(field.name)
    return "\(Self.scheme)" + place.scheme + "://" + user + Self.encode(place.authority, others: others) + digitsText
      + fieldText
  }

  /// Returns a segment as text. Letters and digits of all scripts stay, and what neither a shell nor a template treats in
  /// a special way.
  ///
  /// - Parameter others: further characters that stay.
  private static func encode(_ text: String, others: String = "@:+,=[]") -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      let stays = scalar.isASCII ? others.unicodeScalars.contains(scalar) : scalar.properties.isAlphabetic
      if stays {
        result.unicodeScalars.append(scalar)
      } else {
        result += PercentEncoding.encode(String(scalar))
      }
    }
    return result
  }

  /// Returns whether an ASCII character of a host or user name stays as it is.
  static func isKept(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
    case UInt8(ascii: "@"), UInt8(ascii: ":"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: "="): true
    case UInt8(ascii: "["), UInt8(ascii: "]"): true
    default: false
    }
  }
}

extension Reference.Place {
  /// The first segment of a reference, not encoded.
  fileprivate var name: String {
    switch self {
    case .site(let origin): (origin.scheme == "https" ? "" : origin.scheme + ":") + authority
    case .free(let firstPart): FreeEntry.scheme + ":" + firstPart
    }
  }

  fileprivate var scheme: String {
    switch self {
    case .site(let origin): origin.scheme
    case .free: FreeEntry.scheme
    }
  }

  fileprivate var authority: String {
    switch self {
    case .site(let origin): origin.host + (origin.port.map { ":\($0)" } ?? "")
    case .free(let firstPart): firstPart
    }
  }
}
