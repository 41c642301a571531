import LockwiseCore

/// A user and a host in a prompt of ssh.
struct SSHAccount: Equatable, Sendable {
  /// The user.
  let user: String
  /// The host after `HostName`, or `HostKeyAlias`, in lower case, as ssh shows it (sshconnect.c, `ssh_login`).
  let host: String

  /// Makes an account of a name that was parsed.
  init(user: String, host: String) { (self.user, self.host) = (user, host) }

  /// Parses `user@host`; the last `@` separates them.
  ///
  /// - Returns: `nil` if ssh 9.6 and later would reject the user (ssh.c, `valid_ruser`), or if the host could not be a
  ///   login's or is not written as ssh writes it. A user name cannot look like a prompt then.
  init?(_ text: some BidirectionalCollection<UInt8>) {
    guard let at = text.lastIndex(of: UInt8(ascii: "@")), let user = PromptText.name(text[..<at]),
      let host = PromptText.name(text[text.index(after: at)...]),
      !user.utf8.contains(where: "'`\";&<>|(){}".utf8.contains), host.utf8.allSatisfy(Self.isHostPart)
    else { return nil }
    (self.user, self.host) = (user, host)
    guard origin(port: nil) != nil else { return nil }
  }

  /// Parses the prompt `user@host's password: ` (sshconnect2.c, `userauth_passwd`).
  init?(prompt: ArraySlice<UInt8>) {
    guard let account = PromptText.middle(prompt, "", "'s password: ") else { return nil }
    self.init(account)
  }

  /// Returns the origin of the account's login, `ssh://host[:port]`.
  ///
  /// - Parameter port: the port; `nil` is 22.
  func origin(port: UInt16?) -> Origin? {
    let authority = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
    return Origin(scheme: "ssh", authority: authority + (port.map { ":\($0)" } ?? ""))
  }

  private static func isHostPart(_ byte: UInt8) -> Bool {
    (97...122).contains(byte) || (48...57).contains(byte) || "-._:".utf8.contains(byte)
  }
}
