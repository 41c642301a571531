import LockwiseCLI
import LockwiseCore

/// The settings for a request: Lockwise's own, else git's configuration, which is read at most once and only if a
/// decision depends on it.
///
/// A setting that permits more to be returned, deleted or stored applies only if it is the user's or the machine's. A
/// repository can only restrict. If git's configuration cannot be read or Lockwise's own is refused, nothing is stored
/// or deleted.
final class GitSettings {
  /// The rule for logins whose password a host rejected. Later cases delete more.
  enum EraseRule: Int, Comparable, Sendable {
    /// No login is deleted.
    case none
    /// Logins that this helper added are deleted; others are refused for a time.
    case own
    /// Every login is deleted.
    case all

    static func < (left: EraseRule, right: EraseRule) -> Bool { left.rawValue < right.rawValue }
  }

  /// The default of `lockwise.refusedFor`: 30 days.
  static let defaultRefusal: Seconds = 2_592_000

  private let settings: Configuration
  private let diagnostics: Diagnostics
  private let makeContext: () -> GitCredentialContext?
  private let listing: () throws -> [UInt8]
  private lazy var context = makeContext()
  private lazy var configuration = read()
  private var failure = "git config failed"
  private var isReported = false

  /// Makes settings.
  ///
  /// - Parameters:
  ///   - context: the credential's context.
  ///   - listing: returns git's output for `arguments`; throws if git cannot read its configuration.
  init(
    configuration settings: Configuration, diagnostics: Diagnostics, context: @escaping () -> GitCredentialContext?,
    listing: @escaping () throws -> [UInt8]
  ) {
    self.settings = settings
    self.diagnostics = diagnostics
    makeContext = context
    self.listing = listing
  }

  /// The arguments of `git config`.
  static let arguments = [
    "-z", "--show-scope", "--get-regexp",
    #"^(lockwise\.|credential\.(.*\.)?lockwiseentry$|http\.(.*\.)?proxy$)"#,
  ]

  private func read() -> GitConfiguration? {
    do {
      return GitConfiguration(listing: try listing())
    } catch ChildProcess.Failure.notFound {
      failure = "cannot find git in the folders of PATH"
    } catch {}
    return nil
  }

  /// Returns whether git's configuration can be read, and reports once if not.
  private func isReadable(_ consequence: String) -> Bool {
    guard configuration == nil else { return true }
    if !isReported {
      isReported = true
      diagnostics.error("cannot read git's configuration (\(failure)): \(consequence)")
    }
    return false
  }

  /// Whether logins may be changed (`lockwise.store`).
  var mayStore: Bool {
    if let text = settings.value("LOCKWISE_STORE") { return storeValue(text) }
    guard settings.file.refusal == nil else { return false }
    guard isReadable("nothing is stored or deleted") else { return false }
    return [GitConfiguration.Source.protected, .repository].allSatisfy { source in
      value("store", from: source).map(storeValue) ?? true
    }
  }

  private func storeValue(_ text: String) -> Bool {
    if let value = GitConfiguration.bool(text) { return value }
    diagnostics.error("lockwise.store is neither true nor false; nothing is stored")
    return false
  }

  /// The rule for rejected logins (`lockwise.erase`).
  var eraseRule: EraseRule {
    if let text = settings.value("LOCKWISE_ERASE") { return eraseValue(text) }
    guard settings.file.refusal == nil else { return .none }
    guard isReadable("nothing is stored or deleted") else { return .none }
    return min(
      value("erase", from: .protected).map(eraseValue) ?? .own,
      value("erase", from: .repository).map(eraseValue) ?? .all)
  }

  private func eraseValue(_ text: String) -> EraseRule {
    switch text.lowercased() {
    case "all": .all
    case "own": .own
    case "none": .none
    case let text where GitConfiguration.bool(text) == true: .own
    case let text where GitConfiguration.bool(text) == false: .none
    default: unknown("lockwise.erase", "own, all or none", .own)
    }
  }

  /// The time for which a refused login is not offered (`lockwise.refusedFor`).
  var refusedFor: Seconds {
    guard let text = settings.value("LOCKWISE_REFUSED_FOR") ?? value("refusedfor", from: .protected) else {
      return Self.defaultRefusal
    }
    return GitConfiguration.duration(text)
      ?? unknown("lockwise.refusedFor", "a number of days or a time span", Self.defaultRefusal)
  }

  /// The entry to use if several match (`credential.<url>.lockwiseEntry`). A repository may set it, because it only
  /// selects one of the matching logins, as `credential.username` does.
  var pin: EntryName? {
    if let text = settings.value("LOCKWISE_ENTRY") { return text.isEmpty ? nil : EntryName(text) }
    guard isReadable("credential.lockwiseEntry is ignored"), let context, let configuration else { return nil }
    let text = configuration.value("credential", "lockwiseentry", for: context, from: .any)
    return text.flatMap { $0.isEmpty ? nil : EntryName($0) }
  }

  /// Returns the origins whose logins are valid for `origin` as well (`lockwise.alias`).
  func aliases(of origin: Origin) -> [Origin] {
    guard origin.scheme == "https", origin.port == nil else { return [] }
    let aliases =
      settings.value("LOCKWISE_ALIAS").map(HostAlias.list)
      ?? context.flatMap { configuration?.values("lockwise", "alias", for: $0, from: .protected) }?
      .compactMap(HostAlias.init) ?? []
    return aliases.filter { $0.from == origin }.map(\.to)
  }

  /// Returns whether git uses a proxy at an origin (`http.proxy`).
  func isProxy(_ origin: Origin) -> Bool { GitProxies.contains(origin, configuration, settings.environment) }

  private func value(_ key: String, from source: GitConfiguration.Source) -> String? {
    context.flatMap { configuration?.value("lockwise", key, for: $0, from: source) }
  }

  private func unknown<Value>(_ name: String, _ wanted: String, _ fallback: Value) -> Value {
    diagnostics.error("\(name) must be \(wanted)")
    return fallback
  }
}
