import LockwiseCLI
import LockwiseCore

/// The command `explain`, which shows what would answer a prompt.
struct ExplainCommand {
  /// The prompt. The process that asks is the user's shell.
  let context: PromptContext

  /// The explanation, a line for each fact. It contains no secret.
  var text: String {
    var lines = ["question: \(context.question.explanation)"]
    lines.append("asked by: \(context.asker?.name ?? "unknown")")
    let mayAsk = context.asker?.mayAsk(context.question) ?? false
    if let required = context.question.requiredAsker {
      lines.append("answered to: \(required)" + (mayAsk ? "" : "; not to this process"))
    }
    if context.question.isAnswerable { lines += logins(mayAsk: mayAsk) }
    lines.append("without an answer: \(next)")
    return lines.map { PrintableText.of($0) + "\n" }.joined()
  }

  private func logins(mayAsk: Bool) -> [String] {
    guard context.helper.directory.hasVault else { return ["login: there is no vault"] }
    do {
      guard let vault = try context.helper.vaultWithoutPrompting() else {
        return ["login: \(context.helper.unlocker.lockedLine)"]
      }
      let found = try LoginSearch(context: context, vault: vault).perform()
      var lines = found.logins.prefix(1).map { "login: \(EntryName(of: $0).shown)" }
      for login in found.refused {
        let until = found.refusedUntil.map { " until " + $0.localTime } ?? ""
        lines.append("rejected: \(EntryName(of: login).shown), not offered\(until)")
      }
      if found.logins.isEmpty, found.refused.isEmpty {
        lines.append("login: no login for \(found.destination.name)")
      }
      return lines
    } catch let reason as Unanswered {
      guard !mayAsk, reason.needsAsker else { return ["login: \(reason.text)"] }
      let possible = possibleLogins()
      return possible.isEmpty ? ["login: depends on the process that asks"] : possible
    } catch {
      return ["login: \(UserFacingError(error).message)"]
    }
  }

  /// The logins of an ssh account at any port, which only ssh knows.
  private func possibleLogins() -> [String] {
    guard case .sshPassword(let user, let host, _) = context.question,
      let name = SSHAccount(user: user, host: host).origin(port: nil)?.host,
      let vault = (try? context.helper.vaultWithoutPrompting()) ?? nil, let logins = try? vault.logins(atHost: name)
    else { return [] }
    let ours = logins.filter { $0.username.isSameText(as: user) && Origin($0.origin)?.scheme == "ssh" }
    return ours.map { "login: \(EntryName(of: $0).shown), if ssh -G reports this user, host and port" }.sorted()
  }

  /// What happens with a question that the vault does not answer.
  private var next: String {
    let configuration = context.helper.configuration
    if configuration.isOn("LOCKWISE_NO_PROMPT") { return "status 1 (no-prompt)" }
    if let program = configuration["LOCKWISE_ASKPASS_FALLBACK"] { return "\(program) is asked" }
    return "you are asked"
  }
}

extension Unanswered {
  /// Whether the reason is a fact about the process that asks.
  fileprivate var needsAsker: Bool {
    switch self {
    case .hostNotProven, .otherAsker, .oldClient, .key(.noPath): true
    default: false
    }
  }
}

extension Question {
  /// The kind of the question in words.
  fileprivate var explanation: String {
    switch self {
    case .sshPassword(let user, let host, let isServerWritten):
      "the ssh password of \(user)@\(host)" + (isServerWritten ? ", in the words of the server" : "")
    case .keyPassphrase(let prompt):
      "the passphrase of an ssh key" + (prompt.path.map { ", \(String(decoding: $0, as: UTF8.self))" } ?? "")
    case .sudoPassword(let user): "the sudo password" + (user.map { " of \($0)" } ?? "")
    case .gitUserName(let url): "the user name for \(url.origin.serialized)"
    case .gitPassword(let url):
      "the password" + (url.username.map { " of \($0)" } ?? "") + " for \(url.origin.serialized)"
    case .hostKey: "whether to accept a host key"
    case .yesOrNo: "consent"
    case .stalePassphrase: "a passphrase, after a wrong one"
    case .newSecret: "a new secret, or the old one while it is changed"
    case .pin: "a PIN"
    case .userName: "a user name for an unknown host"
    case .other: "another text"
    }
  }

  /// The programs that get an answer from the vault; `nil` if there is none.
  fileprivate var requiredAsker: String? {
    switch self {
    case .sshPassword: "ssh"
    case .keyPassphrase(let prompt):
      switch prompt.wording {
      case .ssh: "ssh"
      case .sshAdd: "ssh-add"
      case .sshKeygen: "ssh-keygen"
      }
    case .sudoPassword: "sudo, as the direct parent"
    case .gitUserName, .gitPassword: "any program but ssh"
    default: nil
    }
  }
}
