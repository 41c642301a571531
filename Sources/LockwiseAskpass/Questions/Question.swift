/// A prompt, classified by its whole text.
enum Question: Equatable, Sendable {
  /// ssh asks for the password of an account, in its own words or with the prefix `(user@host) ` before one of the plain
  /// questions that a server may write.
  case sshPassword(user: String, host: String, isServerWritten: Bool)
  /// ssh, ssh-add or ssh-keygen asks for the passphrase of a key.
  case keyPassphrase(KeyPrompt)
  /// sudo asks for the password of a user; `nil` is the user who runs sudo.
  case sudoPassword(user: String?)
  /// git or git-lfs asks for the user name at a URL.
  case gitUserName(GitPromptURL)
  /// git or git-lfs asks for the password at a URL.
  case gitPassword(GitPromptURL)
  /// ssh asks whether to accept a host key, or repeats this question.
  case hostKey
  /// A program asks for consent.
  case yesOrNo
  /// ssh-add rejects a passphrase and asks again.
  case stalePassphrase
  /// A program asks for a new secret, or for the old one while a password is changed.
  case newSecret
  /// A PIN, or the passphrase of a token or an agent.
  case pin
  /// A user name for an unknown or forgeable destination.
  case userName
  /// Any other text; with the account of the server that wrote it, if ssh's prefix names one.
  case other(server: SSHAccount?)

  /// The longest prompt that is examined, in bytes. A longer one has no answer in the vault.
  static let longestPrompt = 8192

  /// Classifies a prompt.
  ///
  /// Whatever begins with `(` is a server's text, apart from the prefix that ssh puts before it. Questions that the vault
  /// never answers come before those that it may answer.
  ///
  /// - Parameters:
  ///   - prompt: any bytes.
  ///   - sudoPrompts: the site's own prompts of sudo; none unless sudo asks.
  init(_ prompt: [UInt8], sudoPrompts: [SudoPrompt] = []) {
    let text = prompt[...]
    guard prompt.count <= Self.longestPrompt else {
      self = .other(server: nil)
      return
    }
    if prompt.first == UInt8(ascii: "(") {
      self = Self.serverWritten(text)
      return
    }
    self =
      FixedPrompts.kind(of: text)
      ?? Self.sudo(prompt, sudoPrompts)
      ?? KeyPrompt(text).map(Question.keyPassphrase)
      ?? Self.git(text)
      ?? SSHAccount(prompt: text).map {
        .sshPassword(user: $0.user, host: $0.host, isServerWritten: false)
      }
      ?? .other(server: nil)
  }

  /// The questions of a server that ask for the account's password and nothing else.
  private static let plainQuestions = ["Password:", "Password: ", "password:", "password: "]

  /// Classifies a server's text with ssh's prefix `(user@host) ` (sshconnect2.c, OpenSSH 8.5 and later).
  ///
  /// The first `) ` ends the prefix. A user name could contain another one, but then the rest is not a plain question.
  private static func serverWritten(_ text: ArraySlice<UInt8>) -> Question {
    let bytes = Array(text)
    guard let end = bytes.indices.dropLast().first(where: { bytes[$0] == 0x29 && bytes[$0 + 1] == 0x20 }),
      let account = SSHAccount(bytes[1..<end])
    else { return .other(server: nil) }
    let question = bytes[(end + 2)...]
    guard plainQuestions.contains(where: question.isText) || SSHAccount(prompt: question) == account else {
      return .other(server: account)
    }
    return .sshPassword(user: account.user, host: account.host, isServerWritten: true)
  }

  private static func sudo(_ prompt: [UInt8], _ own: [SudoPrompt]) -> Question? {
    for template in own {
      switch template.user(in: prompt) {
      case .runner: return .sudoPassword(user: nil)
      case .named(let user): return .sudoPassword(user: user)
      case nil: continue
      }
    }
    return SudoPrompt.translated(prompt[...])
  }

  /// Classifies a prompt of git (prompt.c and credential.c, `credential_ask_one`) or git-lfs, which has double quotation
  /// marks and no colon.
  private static func git(_ text: ArraySlice<UInt8>) -> Question? {
    for (beginning, end) in [(" for '", "': "), (" for \"", "\"")] {
      if let url = PromptText.middle(text, "Username" + beginning, end) {
        return GitPromptURL(url).map(Question.gitUserName) ?? .userName
      }
      if let url = PromptText.middle(text, "Password" + beginning, end) {
        return GitPromptURL(url).map(Question.gitPassword)
      }
    }
    return nil
  }
}

extension Question {
  /// Whether an answer is shown while it is typed, because it is not a secret.
  var isVisible: Bool {
    switch self {
    case .gitUserName, .userName, .hostKey, .yesOrNo: true
    default: false
    }
  }

  /// Whether the vault may have the answer.
  var isAnswerable: Bool {
    switch self {
    case .sshPassword, .keyPassphrase, .sudoPassword, .gitUserName, .gitPassword: true
    default: false
    }
  }
}
