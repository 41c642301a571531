import LockwiseCore

/// The settings of the helper for one request: the suite's own, else git's configuration, which is asked for at
/// most once, and only when a decision depends on it.
final class GitSettings {
  /// What is done with a login whose password a host refused.
  enum EraseRule: Equatable, Sendable {
    /// One that this helper made is deleted, every other one is not offered any more.
    case own
    /// Every one is deleted.
    case all
    /// None is deleted.
    case none
  }

  /// How long a refused login is not offered unless `lockwise.refusedFor` says otherwise, seconds.
  static let defaultRefusal: Int64 = 30 * 86_400

  private let settings: Configuration
  private let diagnostics: Diagnostics
  private let url: String
  private let listing: () -> [UInt8]
  private lazy var configuration = GitConfiguration(listing: listing())

  /// Makes settings.
  ///
  /// - Parameters:
  ///   - url: what git is about to use (`GitCredentialRequest.url`).
  ///   - listing: git's answer to `arguments`.
  init(configuration settings: Configuration, diagnostics: Diagnostics, url: String, listing: @escaping () -> [UInt8]) {
    self.settings = settings
    self.diagnostics = diagnostics
    self.url = url
    self.listing = listing
  }

  /// What git is asked.
  static let arguments = ["config", "-z", "--get-regexp", #"^(lockwise\.|credential\.(.*\.)?lockwiseentry$)"#]

  /// Whether logins may be changed (`lockwise.store`).
  var mayStore: Bool {
    guard let text = value("LOCKWISE_STORE", "store") else { return true }
    if let value = GitConfiguration.bool(text) { return value }
    diagnostics.error("lockwise.store is neither true nor false; nothing is stored")
    return false
  }

  /// What is done with what a host refused (`lockwise.erase`).
  var eraseRule: EraseRule {
    switch value("LOCKWISE_ERASE", "erase").map({ $0.lowercased() }) {
    case "all": .all
    case "own", nil: .own
    case let text? where GitConfiguration.bool(text) == true: .own
    case let text? where text == "none" || GitConfiguration.bool(text) == false: .none
    default: unknown("lockwise.erase", "own, all or none", .own)
    }
  }

  /// How long a refused login is not offered, seconds (`lockwise.refusedFor`).
  var refusedFor: Int64 {
    guard let text = value("LOCKWISE_REFUSED_FOR", "refusedfor") else { return Self.defaultRefusal }
    return GitConfiguration.duration(text)
      ?? unknown("lockwise.refusedFor", "a number of days or a time span", Self.defaultRefusal)
  }

  /// The entry that is to answer where several could (`credential.<url>.lockwiseEntry`).
  var pin: EntryName? {
    let text = settings.value("LOCKWISE_ENTRY") ?? configuration.value("credential", "lockwiseentry", for: url)
    return text.flatMap { $0.isEmpty ? nil : EntryName($0) }
  }

  /// The origins whose logins are good for `origin`, too (`lockwise.alias`).
  func aliases(of origin: Origin) -> [Origin] {
    guard origin.scheme == "https", origin.port == nil else { return [] }
    let texts =
      settings.value("LOCKWISE_ALIAS").map { $0.split { $0 == " " || $0 == "," }.map(String.init) }
      ?? configuration.values("lockwise", "alias", for: url)
    return texts.compactMap(HostAlias.init).filter { $0.from == origin }.map(\.to)
  }

  private func value(_ variable: String, _ key: String) -> String? {
    settings.value(variable) ?? configuration.value("lockwise", key, for: url)
  }

  private func unknown<Value>(_ name: String, _ wanted: String, _ fallback: Value) -> Value {
    diagnostics.error("\(name) must be \(wanted)")
    return fallback
  }
}

/// `from:to`: logins of one host that are good for another. Exact hosts, https, the scheme's own port.
struct HostAlias: Equatable {
  /// The host that git asks for.
  let from: Origin
  /// The host whose logins answer.
  let to: Origin

  /// Reads an alias; `nil` if one side is no plain host.
  init?(_ text: String) {
    let hosts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard hosts.count == 2, let from = Origin(scheme: "https", authority: hosts[0]),
      let to = Origin(scheme: "https", authority: hosts[1]), from != to
    else { return nil }
    (self.from, self.to) = (from, to)
  }
}
