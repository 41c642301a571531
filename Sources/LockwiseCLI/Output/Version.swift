import LockwiseCore

/// The suite's version, one for all its programs.
public enum Version {
  /// The version of this source, as in CHANGELOG.md.
  public static let current = "0.1.0"
}
