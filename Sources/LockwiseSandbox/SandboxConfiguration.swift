/// The configuration of a sandbox.
public struct SandboxConfiguration: Sendable {
  /// An account to create.
  public struct NewAccount: Sendable {
    /// The address.
    public var email: String
    /// The password.
    public var password: String
    /// Whether clients stretch the password by version 2.
    public var version2: Bool

    /// Makes an account to create.
    public init(email: String, password: String, version2: Bool = false) {
      self.email = email
      self.password = password
      self.version2 = version2
    }
  }

  /// The TCP port on 127.0.0.1; 0 for any free one.
  public var port: UInt16 = 0
  /// The base URL for clients, if a proxy for TLS or the like is in front of the port.
  public var publicURL: String?
  /// The folder with `account.json` and `storage.json`.
  public var fixture: String?
  /// The state file, which is loaded if it exists, and saved on request.
  public var state: String?
  /// The number of login records to add.
  public var generate = 0
  /// The account to create.
  public var account: NewAccount?
  /// Whether the server stretches the passwords of new accounts with scrypt N=16 instead of Mozilla's 65536. Clients
  /// cannot see the difference, but the start takes only milliseconds.
  public var fastPasswords = false
  /// The secret of the storage tokens (tokenlib).
  public var tokenSecret: String?
  /// The file of the request log.
  public var log: String?
  /// The switches to set, `name=value`.
  public var switches: [String] = []

  /// Makes a configuration without accounts, for any free port.
  public init() {}
}
