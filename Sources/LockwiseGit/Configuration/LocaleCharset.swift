import LockwiseCLI
import LockwiseCore

/// The character set in which git's libcurl decodes a host name outside ASCII, which is the locale's (locale(7)).
enum LocaleCharset {
  /// Returns whether libcurl decodes a host as UTF-8 or refuses it. In the C locale it refuses hosts outside ASCII.
  static func isCertain(_ host: String, _ environment: Environment) -> Bool {
    guard !host.utf8.allSatisfy({ $0 < 0x80 }),
      let locale = environment["LC_ALL"] ?? environment["LC_CTYPE"] ?? environment["LANG"]
    else { return true }
    // No locale is called UTF-8, but macOS sends that name over ssh. The C locale applies then.
    if ["C", "POSIX", "UTF-8"].contains(locale) { return true }
    let charset = locale.split(separator: ".").dropFirst().first?.split(separator: "@").first ?? ""
    return ["utf8", "utf-8"].contains(charset.lowercased())
  }
}
