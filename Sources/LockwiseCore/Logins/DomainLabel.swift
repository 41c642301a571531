@_spi(_Unicode) import Swift

/// One label of a host name that holds characters outside ASCII.
///
/// Two programs resolve such a name: ours to find a login, and libcurl, by libidn2, to send the password. A label is
/// accepted only if both are certain to arrive at the same name: its letters may differ from the result in case and in
/// composition (NFC), and in nothing else. Every mapping of UTS #46 beyond that is refused, not reproduced.
enum DomainLabel {
  /// The label in lower case and NFC, as Punycode if it is not ASCII.
  ///
  /// - Returns: `nil` for a label that another program could map to another name.
  static func encode(_ label: Substring) -> String? {
    if label.utf8.allSatisfy({ $0 < 0x80 }) { return label.lowercased() }
    var lower = String.UnicodeScalarView()
    for scalar in label.unicodeScalars {
      guard let mapped = lowercase(scalar), mapped.isASCII || isStable(mapped) else { return nil }
      lower.append(mapped)
    }
    let scalars = Array(String(lower)._nfc)
    // Composition makes one letter of several, never another letter of one, and nothing that is ASCII.
    guard scalars.contains(where: { !$0.isASCII }), scalars.allSatisfy({ $0.isASCII || isStable($0) }) else {
      return nil
    }
    return Punycode.encode(scalars).map { "xn--" + $0 }
  }

  /// Whether a whole host is processed without transition. libcurl processes it again with transition, where sharp s is
  /// "ss", if libidn2 refuses any part of it: so next to such a letter there are only letters that every libidn2 accepts.
  static func isCertain(_ host: String) -> Bool {
    guard host.unicodeScalars.contains(where: isDeviation) else { return true }
    return host.unicodeScalars.allSatisfy { $0.isASCII || ($0.value < 0x530 && isLetter($0)) }
      && !host.unicodeScalars.split(separator: ".").contains { Substring($0).lowercased().hasPrefix("xn--") }
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .lowercaseLetter, .uppercaseLetter, .otherLetter: true
    default: false
    }
  }

  private static func isDeviation(_ scalar: Unicode.Scalar) -> Bool { scalar == "\u{DF}" || scalar == "\u{3C2}" }

  /// The lower case of a character; `nil` if it is not one character, or not one that has this upper case in turn.
  private static func lowercase(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    let mapping = scalar.properties.lowercaseMapping.unicodeScalars
    guard let lower = mapping.first, mapping.count == 1 else { return nil }
    if lower == scalar { return lower }
    // KELVIN SIGN becomes an ASCII "k", CAPITAL SHARP S becomes "ss" elsewhere.
    guard lower.isASCII == scalar.isASCII, lower.properties.uppercaseMapping.unicodeScalars.elementsEqual([scalar])
    else { return nil }
    return lower
  }

  /// Whether UTS #46 leaves a character outside ASCII as it is. Its mapping is that of NFKC_Casefold, but for sharp s and
  /// final sigma, which its non-transitional processing keeps.
  private static func isStable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .lowercaseLetter, .uppercaseLetter, .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark,
      .decimalNumber, .otherSymbol, .mathSymbol, .modifierSymbol:
      !scalar.properties.changesWhenNFKCCaseFolded || isDeviation(scalar)
    default: false
    }
  }
}
