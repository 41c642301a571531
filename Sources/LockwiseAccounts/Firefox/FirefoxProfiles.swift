import Glibc
import LockwiseCore

/// The user's profiles on this machine, of Firefox and its relatives.
public struct FirefoxProfiles: Sendable {
  /// All listed profiles, those of the system's own Firefox first.
  public let all: [FirefoxProfile]

  /// Creates a list of profiles.
  public init(_ profiles: [FirefoxProfile]) { all = profiles }

  /// Reads the lists of profiles of every application.
  ///
  /// - Parameter environment: `HOME`, `XDG_CONFIG_HOME` and `XDG_DATA_HOME` are read.
  /// - Throws: `FirefoxError.unreadable`, `.changedFormat`.
  public init(environment: Environment) throws(FirefoxError) {
    var profiles: [FirefoxProfile] = []
    for application in FirefoxApplication.all(environment) {
      for root in application.roots {
        let files = ProfileFile(root)
        guard let list = try files.read("profiles.ini") else { continue }
        let installs = try files.read("installs.ini") ?? SecretBytes(utf8: "")
        let found = FirefoxProfile.list(
          root: root, profiles: IniFile(list), installs: IniFile(installs), application: application.name)
        for profile in found where !profiles.contains(where: { $0.directory == profile.directory }) {
          profiles.append(profile)
        }
      }
    }
    all = profiles
  }

  /// Returns the profile to sign in with.
  ///
  /// - Parameters:
  ///   - wanted: a name, the name of a directory, or a path, which has a `/`; `nil` for the only one that is signed in,
  ///     or of several the one that an installation opens by default.
  ///   - isSignedIn: whether Firefox is signed in to an account there.
  /// - Throws: `FirefoxError.noProfile`, `.unknownProfile`, `.ambiguousProfile`, `.notSignedIn`.
  public func choose(
    _ wanted: String?, isSignedIn: (FirefoxProfile) -> Bool
  ) throws(FirefoxError) -> FirefoxProfile {
    if let wanted { return try named(wanted) }
    return try only(isSignedIn, else: .notSignedIn(profile: nil)) { $0.filter(\.isDefault) }
  }

  /// Returns the profile whose logins are to be read.
  ///
  /// - Parameters:
  ///   - wanted: a name, the name of a directory, or a path, which has a `/`; `nil` for the only one with saved logins,
  ///     or the default one if several of one application have some.
  ///   - places: directories for a copy of a database that is being written, in order of preference.
  /// - Throws: `FirefoxError.noProfile`, `.unknownProfile`, `.ambiguousProfile`, `.noLogins`.
  package func choose(local wanted: String?, copyIn places: [String]) throws(FirefoxError) -> FirefoxProfile {
    try choose(local: wanted) { profile in
      do {
        return try ProfileLogins(of: profile.directory, copyIn: places).count > 0
      } catch FirefoxError.noLogins {
        return false
      } catch {
        // Something is there. Reading it again reports the problem.
        return true
      }
    }
  }

  func choose(
    local wanted: String?, hasLogins: (FirefoxProfile) -> Bool
  ) throws(FirefoxError) -> FirefoxProfile {
    if let wanted { return try named(wanted) }
    return try only(hasLogins, else: .noLogins(profile: nil)) { candidates in
      Set(candidates.map(\.application)).count == 1 ? candidates.filter(\.isDefault) : []
    }
  }

  /// Returns the only profile with a property, or the only preferred one of several.
  private func only(
    _ isCandidate: (FirefoxProfile) -> Bool, else error: FirefoxError,
    preferred: ([FirefoxProfile]) -> [FirefoxProfile]
  ) throws(FirefoxError) -> FirefoxProfile {
    guard !all.isEmpty else { throw .noProfile }
    let candidates = all.filter(isCandidate)
    if candidates.count == 1 { return candidates[0] }
    let preferred = preferred(candidates)
    if preferred.count == 1 { return preferred[0] }
    throw candidates.isEmpty ? error : .ambiguousProfile(candidates.map(\.directory))
  }

  private func named(_ wanted: String) throws(FirefoxError) -> FirefoxProfile {
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
    if !directory.hasPrefix("/"), let absolute = realpath(directory, nil) {
      directory = String(cString: absolute)
      free(absolute)
      if let known = all.first(where: { $0.directory == directory }) { return known }
    }
    return FirefoxProfile(name: ProfileFile.lastPart(of: directory), directory: directory, isDefault: false)
  }
}
