import LockwiseCore

/// The configuration of one connection, as `ssh -G` prints it (ssh(1)).
struct SSHConfiguration: Equatable, Sendable {
  /// The user on the server.
  let user: String
  /// The host after `HostName` and canonicalisation.
  let hostname: String
  /// The name under which the host's key is stored; `nil` if it has none of its own.
  let hostKeyAlias: String?
  /// The port.
  let port: UInt16

  /// Parses lines of a lower-case name, a space and a value; `nil` if user, host or port is missing, invalid or there
  /// more than once.
  init?(parsing text: some Collection<UInt8>) {
    var values: [String: String] = [:]
    for line in text.split(separator: 0x0A) {
      let parts = line.split(separator: 0x20, maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(decoding: parts[0], as: UTF8.self)
      guard ["user", "hostname", "hostkeyalias", "port"].contains(name) else { continue }
      guard parts.count == 2, let value = PromptText.name(parts[1]), values.updateValue(value, forKey: name) == nil
      else { return nil }
    }
    guard let user = values["user"], let hostname = values["hostname"],
      let port = values["port"].flatMap({ UInt16($0) }), port > 0
    else { return nil }
    (self.user, self.hostname, hostKeyAlias, self.port) = (user, hostname, values["hostkeyalias"], port)
  }

  /// Returns the origin of the connection if it is to an account in a prompt; `nil` if it is to another one.
  func origin(of account: SSHAccount) -> Origin? {
    guard account.user.isSameText(as: user),
      [hostname, hostKeyAlias].contains(where: { $0?.isSameText(as: account.host) == true })
    else { return nil }
    return account.origin(port: port)
  }
}
