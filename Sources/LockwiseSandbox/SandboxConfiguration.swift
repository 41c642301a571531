/// How a sandbox is set up.
public struct SandboxConfiguration: Sendable {
  /// An account to be made.
  public struct NewAccount: Sendable {
    /// Its address.
    public var email: String
    /// Its password.
    public var password: String
    /// Whether passwords are stretched by version 2.
    public var version2: Bool

    /// Makes a description of an account.
    public init(email: String, password: String, version2: Bool = false) {
      self.email = email
      self.password = password
      self.version2 = version2
    }
  }

  /// TCP port on 127.0.0.1; 0 for any free one.
  public var port: UInt16 = 0
  /// What clients have in front of them when it is not the port itself, such as a TLS proxy.
  public var publicURL: String?
  /// Folder with `account.json` and `storage.json`.
  public var fixture: String?
  /// File that is loaded if it exists, and saved on request.
  public var state: String?
  /// How many login records to add.
  public var generate = 0
  /// Account to be made.
  public var account: NewAccount?
  /// Stretch the passwords of new accounts with scrypt N=16 in place of Mozilla's 65536: nothing a client
  /// could see, but a start in milliseconds.
  public var fastPasswords = false
  /// Secret of the storage tokens (tokenlib).
  public var tokenSecret: String?
  /// File for the request log.
  public var log: String?
  /// Settings of switches, `name=value`.
  public var switches: [String] = []

  /// A sandbox without accounts, on any free port.
  public init() {}
}
