@_spi(_Unicode) import Swift

/// A label of a host name that contains characters outside ASCII.
///
/// Lockwise maps such a name to find a login, and git maps it again with libidn2 to send the password. A label is
/// accepted only if both results must be equal: its letters may differ from the result in case and composition (NFC)
/// only. Labels that need any other mapping of UTS #46 are refused.
enum DomainLabel {
  /// Returns the label in lower case and NFC, as Punycode if it is not ASCII.
  ///
  /// - Returns: `nil` for a label that another program could map to a different name.
  static func encode(_ label: Substring) -> String? {
    if label.utf8.allSatisfy({ $0 < 0x80 }) { return label.lowercased() }
    var lower = String.UnicodeScalarView()
    for scalar in label.unicodeScalars {
      guard let mapped = lowercase(scalar), mapped.isASCII || isStable(mapped) else { return nil }
      lower.append(mapped)
    }
    let scalars = Array(String(lower)._nfc)
    // Composition joins letters. It never replaces a single letter and never results in ASCII.
    guard scalars.contains(where: { !$0.isASCII }), scalars.allSatisfy({ $0.isASCII || isStable($0) }) else {
      return nil
    }
    return Punycode.encode(scalars).map { "xn--" + $0 }
  }

  /// Returns whether libcurl is certain to use non-transitional processing for a host. If libidn2 refuses any part of
  /// it, libcurl tries again with transitional processing, which maps sharp s to "ss". A host with such a letter may
  /// therefore contain only letters that every libidn2 accepts.
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

  /// Returns the lower case of a character; `nil` unless it is a single character whose upper case is the given one.
  private static func lowercase(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    let mapping = scalar.properties.lowercaseMapping.unicodeScalars
    guard let lower = mapping.first, mapping.count == 1 else { return nil }
    if lower == scalar { return lower }
    // KELVIN SIGN becomes an ASCII "k", CAPITAL SHARP S becomes "ss" elsewhere.
    guard lower.isASCII == scalar.isASCII, lower.properties.uppercaseMapping.unicodeScalars.elementsEqual([scalar])
    else { return nil }
    return lower
  }

  /// Returns whether UTS #46 leaves a character outside ASCII unchanged. Its mapping is NFKC_Casefold except for sharp
  /// s and final sigma, which non-transitional processing keeps.
  private static func isStable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .lowercaseLetter, .uppercaseLetter, .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark,
      .decimalNumber, .otherSymbol, .mathSymbol, .modifierSymbol:
      !scalar.properties.changesWhenNFKCCaseFolded || isDeviation(scalar)
    default: false
    }
  }
}
