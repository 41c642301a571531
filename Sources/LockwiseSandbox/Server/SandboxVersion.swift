/// The version of the sandbox.
public enum SandboxVersion {
  /// As `lockwise-sandbox --version` prints it.
  public static let text = "0.1.0"
}
