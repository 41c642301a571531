import LockwiseCLI
import LockwiseCore

/// A question, the process that asks it, and the vault that may have the answer.
struct PromptContext {
  /// The environment, clock, messages and vault of the run.
  let helper: HelperContext
  /// The bytes of the prompt.
  let prompt: [UInt8]
  /// The prompt's class.
  let question: Question
  /// The process that asks; `nil` if it has ended or cannot be examined.
  let asker: Asker?
  /// Where the user may be asked.
  let scope: PromptScope
  /// Returns what identifies the time for which the machine has been running.
  let boot: () -> [UInt8]

  /// The prompt as text. Bytes that are not UTF-8 are replaced.
  var text: String { String(decoding: prompt, as: UTF8.self) }

  /// The digest of the process and its question; `nil` if the process is a shell, which the user may repeat a command
  /// in.
  ///
  /// - Throws: `CryptoError` if libcrypto refuses.
  func identity(in vault: Vault) throws -> [UInt8]? {
    guard let asker, asker.kind != .shell else { return nil }
    return try vault.question(prompt, of: asker.identity, boot: boot())
  }

  /// Returns the same with another prompt.
  func asking(_ prompt: [UInt8], _ question: Question) -> PromptContext {
    PromptContext(helper: helper, prompt: prompt, question: question, asker: asker, scope: scope, boot: boot)
  }
}

extension Asker {
  /// The name of the program, for messages.
  var name: String {
    switch kind {
    case .ssh: "ssh"
    case .sshAdd: "ssh-add"
    case .sshKeygen: "ssh-keygen"
    case .sshAgent: "ssh-agent"
    case .sudo: "sudo"
    case .git: "git"
    case .shell: "a shell"
    case .other(let name): name
    }
  }
}

extension Question {
  /// What is asked for, such as `git asks for https://github.com`, for prompts for the vault's passphrase.
  var purpose: String {
    switch self {
    case .sshPassword(let user, let host, _): "ssh asks for \(user)@\(host)"
    case .keyPassphrase(let prompt):
      "the passphrase of " + (prompt.path.map { "the key " + String(decoding: $0, as: UTF8.self) } ?? "a key")
    case .sudoPassword(let user): "sudo asks for the password" + (user.map { " of \($0)" } ?? "")
    case .gitUserName(let url), .gitPassword(let url): "git asks for \(url.origin.serialized)"
    default: "lockwise-askpass"
    }
  }
}
