import LockwiseCLI
import LockwiseCore

/// The character set by which git's libcurl reads a host name outside ASCII: that of the locale (locale(7)).
enum LocaleCharset {
  /// Whether a host means the same to libcurl as to us, who read UTF-8. In the C locale libcurl refuses what is not ASCII.
  static func isCertain(_ host: String, _ environment: Environment) -> Bool {
    guard !host.utf8.allSatisfy({ $0 < 0x80 }),
      let locale = environment["LC_ALL"] ?? environment["LC_CTYPE"] ?? environment["LANG"]
    else { return true }
    // There is no locale UTF-8, but macOS sends that name over ssh: the C locale applies.
    if ["C", "POSIX", "UTF-8"].contains(locale) { return true }
    let charset = locale.split(separator: ".").dropFirst().first?.split(separator: "@").first ?? ""
    return ["utf8", "utf-8"].contains(charset.lowercased())
  }
}
