import Glibc
import LockwiseCore

/// The user's Firefox profiles on this machine.
public struct FirefoxProfiles: Sendable {
  /// All listed profiles, those of the system's own Firefox first.
  public let all: [FirefoxProfile]

  /// Creates a list of profiles.
  public init(_ profiles: [FirefoxProfile]) { all = profiles }

  /// Reads the profiles of Firefox as a system program, a Snap, and a Flatpak.
  ///
  /// - Parameter environment: `HOME` and `XDG_CONFIG_HOME` are read.
  /// - Throws: `FirefoxError.unreadable`, `.changedFormat`.
  public init(environment: Environment) throws(FirefoxError) {
    var profiles: [FirefoxProfile] = []
    for root in Self.roots(environment) {
      let files = ProfileFile(root)
      guard let list = try files.read("profiles.ini") else { continue }
      let installs = try files.read("installs.ini") ?? SecretBytes(utf8: "")
      for profile in FirefoxProfile.list(root: root, profiles: IniFile(list), installs: IniFile(installs))
      where !profiles.contains(where: { $0.directory == profile.directory }) {
        profiles.append(profile)
      }
    }
    all = profiles
  }

  /// The directory of Firefox's profiles, which moved to the configuration directory in version 147.
  static func roots(_ environment: Environment) -> [String] {
    guard let home = environment["HOME"], home.hasPrefix("/") else { return [] }
    let configuration = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home + "/.config"
    let flatpak = home + "/.var/app/org.mozilla.firefox"
    return [
      home + "/.mozilla/firefox", configuration + "/mozilla/firefox", home + "/snap/firefox/common/.mozilla/firefox",
      home + "/snap/firefox/common/.config/mozilla/firefox", flatpak + "/.mozilla/firefox",
      flatpak + "/config/mozilla/firefox", flatpak + "/.config/mozilla/firefox",
    ]
  }

  /// Returns the profile that the user means.
  ///
  /// - Parameters:
  ///   - wanted: a name, the name of a directory, or a path, which has a `/`; `nil` for the only one that is signed in,
  ///     or of several the one that an installation opens by default.
  ///   - isSignedIn: whether Firefox is signed in to an account there.
  /// - Throws: `FirefoxError.noProfile`, `.unknownProfile`, `.ambiguousProfile`, `.notSignedIn`.
  public func choose(
    _ wanted: String?, isSignedIn: (FirefoxProfile) -> Bool
  ) throws(FirefoxError) -> FirefoxProfile {
    guard let wanted else {
      guard !all.isEmpty else { throw .noProfile }
      let candidates = all.filter(isSignedIn)
      let defaults = candidates.filter(\.isDefault)
      if let only = candidates.count == 1 ? candidates[0] : defaults.count == 1 ? defaults[0] : nil { return only }
      throw candidates.isEmpty ? .notSignedIn(profile: nil) : .ambiguousProfile(candidates.map(\.directory))
    }
    if wanted.contains("/") { return try atPath(wanted) }
    let named = all.filter { $0.name == wanted || $0.directoryName == wanted }
    guard let first = named.first else { throw .unknownProfile(wanted, known: all.map(\.name)) }
    guard named.count == 1 else { throw .ambiguousProfile(named.map(\.directory)) }
    return first
  }

  private func atPath(_ path: String) throws(FirefoxError) -> FirefoxProfile {
    var directory = path
    while directory.count > 1, directory.last == "/" { directory.removeLast() }
    if let known = all.first(where: { $0.directory == directory }) { return known }
    var info = stat()
    guard stat(directory, &info) == 0, info.st_mode & S_IFMT == S_IFDIR else {
      throw .unknownProfile(path, known: all.map(\.name))
    }
    return FirefoxProfile(name: FirefoxProfile.lastPart(of: directory), directory: directory, isDefault: false)
  }
}
