import LockwiseCore

/// The address of a site as people and programs write it: a URL, or a host without a scheme.
enum SiteAddress {
  /// Returns the origin of a web site, or of a machine by the schemes that logins have; `nil` for everything else, such
  /// as `androidapp://`.
  static func origin(_ text: String) -> Origin? {
    let text = SecretBytes(utf8: text).trimmed.exposedText() ?? ""
    guard text.utf8.firstRange(of: "://") != nil else {
      // A host without a scheme is one that is typed into a browser.
      return EntryPlacement.isWebLike(text) ? Origin("https://" + text) : nil
    }
    guard let origin = Origin(text), Origin.isKnown(scheme: origin.scheme) else { return nil }
    return origin
  }

  /// Returns the scheme of an address in lower case; empty if it has none.
  static func scheme(of text: String) -> String {
    guard let end = text.utf8.firstRange(of: "://")?.lowerBound else { return "" }
    let scheme = text[..<end].lowercased()
    return scheme.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x2B...0x39).contains($0) } ? scheme : ""
  }
}
