import LockwiseCore

/// An alias `from:to`, which makes logins of one host valid for another. Both are exact hosts with https and its
/// default port.
struct HostAlias: Equatable {
  /// The host in git's request.
  let from: Origin
  /// The host whose logins are used.
  let to: Origin

  /// Parses an alias; `nil` if one side is not a plain host.
  init?(_ text: String) {
    let hosts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard hosts.count == 2, let from = Origin(scheme: "https", authority: hosts[0]),
      let to = Origin(scheme: "https", authority: hosts[1]), from != to
    else { return nil }
    (self.from, self.to) = (from, to)
  }
}
