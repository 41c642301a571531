import LockwiseCLI
import LockwiseCore

/// The vault as the commands see it: entries with names.
final class PassStore {
  /// The run that the store belongs to.
  let context: PassContext
  /// The unlocked vault, open for reading.
  let vault: Vault
  private var names: EntryList?

  /// Opens the vault and unlocks it; the user is asked at the terminal or by pinentry.
  ///
  /// - Parameter name: the entry that the command is about, for the prompt; `nil` if it is about all.
  /// - Throws: `VaultError`; `PromptError`.
  init(_ context: PassContext, for name: String? = nil) throws {
    self.context = context
    let purpose = UnlockPurpose("\(context.program) \(context.command)" + (name.map { " " + $0 } ?? ""))
    let helper = context.helper
    vault = try helper.unlocker.unlock(
      VaultFile(in: helper.directory, access: .reading), for: purpose, prompting: helper.gate.scope())
    context.activity.hasRead = true
  }

  /// Returns the names of all entries. They are read once in a run, unless the vault is changed.
  ///
  /// - Throws: `VaultError`.
  func list() throws -> EntryList {
    if let names { return names }
    let (list, isOutdated) = try vault.entryList()
    if isOutdated { context.activity.outdatedCaches.insert(.names) }
    names = list
    return list
  }

  /// Returns the names of all entries, and their bodies in the same order.
  ///
  /// - Throws: `VaultError`.
  func listWithBodies() throws -> (list: EntryList, bodies: EntryBodies) {
    let (list, bodies, isOutdated) = try vault.entryBodies()
    if isOutdated { context.activity.outdatedCaches.formUnion([.names, .bodies]) }
    names = list
    return (list, bodies)
  }

  /// Changes logins. The change is durable when the call returns, and an upload has been started in the background.
  ///
  /// - Parameter body: makes the changes.
  /// - Returns: the result of `body`.
  /// - Throws: `VaultError`; what `body` throws.
  func change<Result>(_ body: (LoginEditor) throws -> Result) throws -> Result {
    let result = try context.helper.change(now: context.helper.clock, body)
    names = nil
    context.activity.hasChanged = true
    return result
  }

  /// Makes the next list read the vault again.
  func forgetNames() { names = nil }

  /// Stores the names or bodies for later runs if many logins had to be read for them.
  static func storeCaches(_ context: PassContext) {
    let outdated = context.activity.outdatedCaches
    guard !outdated.isEmpty else { return }
    // The next run does it if this one cannot.
    try? context.helper.vaultWithoutPrompting()?.storeEntryCaches(withBodies: outdated.contains(.bodies))
  }
}

extension PassStore: EntryIndex {
  func logins(named name: String) throws -> [LoginRecord] { try vault.logins(named: name) }
  func logins(at origin: Origin) throws -> [LoginRecord] { try vault.logins(at: origin) }
  func login(guid: String) throws -> LoginRecord? { try vault.login(guid: guid) }
  func entryList() throws -> EntryList { try list() }
}
