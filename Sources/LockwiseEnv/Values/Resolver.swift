import LockwiseCLI
import LockwiseCore

/// Replaces the references in templates, all or none. The vault is opened once, and only if there is a reference. All
/// values are of one state of the vault.
struct Resolver {
  private let context: EnvContext

  /// Makes a resolver; nothing is opened yet.
  init(_ context: EnvContext) { self.context = context }

  /// Returns the values of templates, in their order.
  ///
  /// If something is missing and a pull is due, it waits for the pull first, once for all references: a login may have
  /// been saved in Firefox a minute ago.
  ///
  /// - Throws: `ResolutionError` with every reference that has no value; `VaultError`; `PromptError`.
  func resolve(_ templates: [NamedTemplate]) throws -> [ResolvedValue] {
    guard templates.contains(where: { !$0.template.placeholders.isEmpty }) else {
      return try values(of: templates, in: nil)
    }
    let vault = try vault()
    do {
      return try vault.reading { try values(of: templates, in: vault) }
    } catch let error as ResolutionError {
      guard error.missing.contains(where: { $0.reason == .noLogin || $0.reason == .noField }), pull() else {
        throw error
      }
      return try vault.reading { try values(of: templates, in: vault) }
    }
  }

  /// Returns the unlocked vault; the user is asked at the terminal or by pinentry.
  ///
  /// - Throws: `VaultError`; `PromptError`.
  func vault() throws -> Vault {
    let helper = context.helper
    let vault = try helper.unlocker.unlock(
      VaultFile(in: helper.directory, access: .reading), for: helper.purpose, prompting: helper.gate.scope())
    context.activity.hasRead = true
    return vault
  }

  /// Waits for a pull if one is due.
  ///
  /// - Returns: whether it succeeded in time.
  func pull() -> Bool { context.helper.sync.isDue && context.helper.sync.runBounded() }

  private func values(of templates: [NamedTemplate], in vault: Vault?) throws -> [ResolvedValue] {
    let now = Seconds(context.helper.clock())
    var missing: [ResolutionError.Failure] = []
    var values: [ResolvedValue] = []
    for template in templates {
      var secrets: [ResolvedSecret] = []
      var parts: [SecretBytes] = []
      for part in template.template.parts {
        switch part {
        case .literal(let text): parts.append(text)
        case .reference(let placeholder):
          guard let vault else { continue }
          do {
            let value = try placeholder.reference.value(in: vault, at: now)
            secrets.append(ResolvedSecret(field: placeholder.reference.field, value: value))
            parts.append(placeholder.filters.reduce(value) { $1.convert($0) })
          } catch let reason as ResolutionFailure {
            missing.append(
              ResolutionError.Failure(
                reason: reason, text: placeholder.text,
                label: template.source.label(template.name, line: placeholder.line), reference: placeholder.reference))
          }
        }
      }
      values.append(
        ResolvedValue(
          name: template.name, bytes: parts.count == 1 ? parts[0] : .concatenating(parts), secrets: secrets,
          isReference: template.template.isReference))
    }
    guard missing.isEmpty else { throw ResolutionError(missing: missing) }
    return values
  }
}

extension Reference {
  /// Returns the value of the reference.
  ///
  /// - Throws: `ResolutionFailure`; `VaultError`.
  fileprivate func value(in vault: Vault, at time: Seconds) throws -> SecretBytes {
    try field.value(of: LoginFinder(vault: vault).find(login), at: time)
  }
}
