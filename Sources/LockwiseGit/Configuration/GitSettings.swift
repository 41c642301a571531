import LockwiseCLI
import LockwiseCore

/// The settings of the helper for one request: the suite's own, else git's configuration, which is asked for at most
/// once, and only when a decision depends on it.
///
/// A setting that widens what is answered, deleted or stored applies only if it is the user's or the machine's. One that
/// narrows it may be the repository's as well. If git's configuration cannot be read, or the suite's own is
/// refused, nothing is stored or deleted.
final class GitSettings {
  /// What is done with a login whose password a host refused. The later ones delete more.
  enum EraseRule: Int, Comparable, Sendable {
    /// None is deleted.
    case none
    /// One that this helper made is deleted, every other one is no longer offered.
    case own
    /// Every one is deleted.
    case all

    static func < (left: EraseRule, right: EraseRule) -> Bool { left.rawValue < right.rawValue }
  }

  /// How long a refused login is not offered unless `lockwise.refusedFor` says otherwise, seconds.
  static let defaultRefusal: Int64 = 30 * 86_400

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
  ///   - context: what the credential is for.
  ///   - listing: git's answer to `arguments`; throws if git cannot read its configuration.
  init(
    configuration settings: Configuration, diagnostics: Diagnostics, context: @escaping () -> GitCredentialContext?,
    listing: @escaping () throws -> [UInt8]
  ) {
    self.settings = settings
    self.diagnostics = diagnostics
    makeContext = context
    self.listing = listing
  }

  /// What git is asked.
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

  /// Whether git's configuration can be read; says so once if not.
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

  /// What is done with what a host refused (`lockwise.erase`).
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

  /// How long a refused login is not offered, seconds (`lockwise.refusedFor`).
  var refusedFor: Int64 {
    guard let text = settings.value("LOCKWISE_REFUSED_FOR") ?? value("refusedfor", from: .protected) else {
      return Self.defaultRefusal
    }
    return GitConfiguration.duration(text)
      ?? unknown("lockwise.refusedFor", "a number of days or a time span", Self.defaultRefusal)
  }

  /// The entry that is to answer where several could (`credential.<url>.lockwiseEntry`). A repository may name it: it
  /// chooses among logins that would be answered anyway, as its `credential.username` does.
  var pin: EntryName? {
    if let text = settings.value("LOCKWISE_ENTRY") { return text.isEmpty ? nil : EntryName(text) }
    guard isReadable("credential.lockwiseEntry is ignored"), let context, let configuration else { return nil }
    let text = configuration.value("credential", "lockwiseentry", for: context, from: .any)
    return text.flatMap { $0.isEmpty ? nil : EntryName($0) }
  }

  /// The origins whose logins are good for `origin`, too (`lockwise.alias`).
  func aliases(of origin: Origin) -> [Origin] {
    guard origin.scheme == "https", origin.port == nil else { return [] }
    let texts =
      settings.value("LOCKWISE_ALIAS").map { $0.split { $0 == " " || $0 == "," }.map(String.init) }
      ?? context.flatMap { configuration?.values("lockwise", "alias", for: $0, from: .protected) } ?? []
    return texts.compactMap(HostAlias.init).filter { $0.from == origin }.map(\.to)
  }

  /// Whether git uses a proxy at an origin (`http.proxy`).
  func isProxy(_ origin: Origin) -> Bool { GitProxies.contains(origin, configuration, settings.environment) }

  private func value(_ key: String, from source: GitConfiguration.Source) -> String? {
    context.flatMap { configuration?.value("lockwise", key, for: $0, from: source) }
  }

  private func unknown<Value>(_ name: String, _ wanted: String, _ fallback: Value) -> Value {
    diagnostics.error("\(name) must be \(wanted)")
    return fallback
  }
}
