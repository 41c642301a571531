import LockwiseCore

/// A profile of the Firefox on this machine.
public struct FirefoxProfile: Equatable, Sendable {
  /// Its name in the profile manager; the directory's name if it is not listed there.
  public let name: String
  /// Its directory.
  public let directory: String
  /// Whether an installation of Firefox opens it by default.
  public let isDefault: Bool

  /// Creates a profile: its name, its directory, whether an installation opens it by default.
  public init(name: String, directory: String, isDefault: Bool) {
    self.name = name
    self.directory = directory
    self.isDefault = isDefault
  }

  /// The directory's own name.
  var directoryName: String { Self.lastPart(of: directory) }

  static func lastPart(of path: String) -> String {
    path.split(separator: "/").last.map { String($0) } ?? path
  }

  /// Reads the profiles listed in a directory of Firefox.
  ///
  /// - Parameters:
  ///   - root: the directory.
  ///   - profiles: `profiles.ini`: a section `ProfileN` for each profile, and one `InstallHASH` for each
  ///     installation, whose `Default` is a profile's `Path`.
  ///   - installs: `installs.ini`: the same installations, without `Install` in the section's name.
  static func list(root: String, profiles: IniFile, installs: IniFile) -> [FirefoxProfile] {
    let installations = profiles.sections.filter { $0.name.hasPrefix("Install") } + installs.sections
    let defaults = installations.compactMap { $0.values["Default"] }
    return profiles.sections.compactMap { section in
      guard section.name.hasPrefix("Profile"), let path = section.values["Path"], !path.isEmpty else { return nil }
      let directory = section.values["IsRelative"] == "0" ? path : root + "/" + path
      // Before Firefox 67 all installations shared one default.
      let isDefault = defaults.isEmpty ? section.values["Default"] == "1" : defaults.contains(path)
      return FirefoxProfile(
        name: section.values["Name"] ?? lastPart(of: path), directory: directory, isDefault: isDefault)
    }
  }
}
