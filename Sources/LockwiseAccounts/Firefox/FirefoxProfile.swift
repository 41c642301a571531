import LockwiseCore

/// A profile on this machine, of Firefox or one of its relatives.
public struct FirefoxProfile: Equatable, Sendable {
  /// Its name in the profile manager; the directory's name if it is not listed there.
  public let name: String
  /// Its directory.
  public let directory: String
  /// Whether an installation of the application opens it by default.
  let isDefault: Bool
  /// The name of the application that it belongs to; `Firefox` if that is not known.
  public let application: String

  /// Creates a profile.
  ///
  /// - Parameters:
  ///   - name: its name in the profile manager.
  ///   - directory: its directory.
  ///   - isDefault: whether an installation opens it by default.
  ///   - application: the name of the application that it belongs to.
  public init(name: String, directory: String, isDefault: Bool, application: String = "Firefox") {
    self.name = name
    self.application = application
    self.directory = directory
    self.isDefault = isDefault
  }

  /// The directory's own name.
  var directoryName: String { ProfileFile.lastPart(of: directory) }

  /// Reads the profiles listed in a directory of an application.
  ///
  /// - Parameters:
  ///   - root: the directory.
  ///   - profiles: `profiles.ini`: a section `ProfileN` for each profile, and one `InstallHASH` for each
  ///     installation, whose `Default` is a profile's `Path`.
  ///   - installs: `installs.ini`: the same installations, without `Install` in the section's name.
  ///   - application: the name of the application.
  static func list(
    root: String, profiles: IniFile, installs: IniFile, application: String = "Firefox"
  ) -> [FirefoxProfile] {
    let installations = profiles.sections.filter { $0.name.hasPrefix("Install") } + installs.sections
    let defaults = installations.compactMap { $0.values["Default"] }
    return profiles.sections.compactMap { section in
      guard section.name.hasPrefix("Profile"), let path = section.values["Path"], !path.isEmpty else { return nil }
      let directory = section.values["IsRelative"] == "0" ? path : root + "/" + path
      // Before Firefox 67 all installations shared one default.
      let isDefault = defaults.isEmpty ? section.values["Default"] == "1" : defaults.contains(path)
      return FirefoxProfile(
        name: section.values["Name"] ?? ProfileFile.lastPart(of: path), directory: directory, isDefault: isDefault,
        application: application)
    }
  }
}
