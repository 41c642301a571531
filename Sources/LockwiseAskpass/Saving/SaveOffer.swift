import LockwiseCLI
import LockwiseCore
import LockwiseGit

/// Offers to save a secret that the user typed for a question.
struct SaveOffer {
  /// The question.
  let context: PromptContext

  /// Whether secrets for the question are offered to be saved: those that the vault could have answered, except sudo's.
  ///
  /// sudo's would let every program of the user become root, so only `save sudo` saves it.
  var isPossible: Bool {
    guard let asker = context.asker, asker.mayAsk(context.question) else { return false }
    switch context.question {
    case .sshPassword(_, _, let isServerWritten):
      return !isServerWritten || context.helper.configuration["LOCKWISE_ASKPASS_KBDINT"] != "never"
    case .keyPassphrase, .gitPassword: return true
    default: return false
    }
  }

  /// Asks the user whether to save a secret, and saves it.
  ///
  /// - Parameters:
  ///   - secret: the secret.
  ///   - isVerified: whether it was found to be right.
  func make(_ secret: SecretBytes, isVerified: Bool) {
    let helper = context.helper
    guard isPossible, helper.configuration["LOCKWISE_ASKPASS_SAVE"] != "never", helper.directory.hasVault,
      (try? VaultAnswer.checked(secret)) != nil, secret.withUnsafeBytes({ UTF8Text.isValid($0) }),
      let vault = (try? helper.vaultWithoutPrompting()) ?? nil,
      let destination = try? Destination(of: context), !destination.newUsername.isEmpty || isKey(destination),
      let never = try? vault.digest(.askpassNever, destination.parts),
      (try? vault.askpassMemory().isNever(never)) == false, mayStore(destination)
    else { return }
    do {
      switch try PersonAnswer(context: context).decide(Self.question(destination)) {
      case .yes:
        try SavedLogin.save(
          secret, for: destination, identity: isVerified ? nil : context.identity(in: vault), in: vault, helper)
      case .no: return
      case .never:
        try helper.change(uploads: false) { try $0.changeAskpassMemory { $0.setNever(true, never) } }
      }
    } catch {
      helper.diagnostics.report(UserFacingError(error))
    }
  }

  private func isKey(_ destination: Destination) -> Bool { destination.origin.scheme == "ssh-key" }

  /// Whether the settings permit it. git saves the password itself if it has a helper.
  private func mayStore(_ destination: Destination) -> Bool {
    if case .gitPassword = context.question { return destination.git.mayStore && !destination.git.hasHelper }
    // A machine with ssh may have no git, whose configuration applies to git only.
    let configuration = context.helper.configuration
    return configuration.file.refusal == nil
      && (configuration.value("LOCKWISE_STORE").map { GitConfiguration.bool($0) == true } ?? true)
  }

  private static func question(_ destination: Destination) -> DecisionQuestion {
    let what = destination.origin.scheme == "ssh-key" ? "passphrase of" : "password of"
    let text = "Save the \(what) \(destination.name) in Firefox's passwords?"
    return DecisionQuestion(
      texts: PassphraseQuestion(description: text, line: text + " [y/N/never] "), yes: "Save", no: "Not now",
      never: "Never", needsWholeWord: false)
  }
}

extension Destination {
  /// The parts that identify it.
  fileprivate var parts: [SecretBytes] {
    [SecretBytes(utf8: origin.serialized), SecretBytes(utf8: username ?? ""), SecretBytes(utf8: realm)]
  }
}
