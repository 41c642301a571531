/// An alias `from:to`: logins of one host that are valid for another. Both are exact hosts, by https at its default port.
public struct HostAlias: Equatable {
  /// The host that is asked for.
  public let from: Origin
  /// The host whose logins are used.
  public let to: Origin

  /// Parses an alias; `nil` if one side is not a plain host.
  public init?(_ text: String) {
    let hosts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard hosts.count == 2, let from = Origin(scheme: "https", authority: hosts[0]),
      let to = Origin(scheme: "https", authority: hosts[1]), from != to
    else { return nil }
    (self.from, self.to) = (from, to)
  }

  /// Parses the aliases of a setting, which blanks or commas separate. Invalid ones are dropped.
  public static func list(_ text: String) -> [HostAlias] {
    text.split { $0 == " " || $0 == "," }.compactMap { HostAlias(String($0)) }
  }
}
