/// The version of all programs.
public enum Version {
  /// The version of this source, as in CHANGELOG.md.
  public static let current = "0.1.0"
}
