import LockwiseCore

/// The reason why the vault does not answer a question.
enum Unanswered: Error, Equatable, Sendable {
  /// Questions of this kind are never answered from the vault.
  case notAnswerable
  /// Another program than the one that asks such questions.
  case otherAsker
  /// The setting `askpass-kbdint` excludes texts of servers.
  case excluded
  /// The user or the machine's name is unknown or invalid.
  case noDestination
  /// ssh's own configuration names another user or host.
  case hostNotProven
  /// The ssh client is older than 8.5, or its version is unknown.
  case oldClient
  /// The key's fingerprint is unknown.
  case key(KeyFileError)
  /// There is no matching login.
  case noLogin
  /// Every matching login was rejected; offered again at this time.
  case refused(until: Seconds)
  /// The process got the secret already and asks again.
  case repeated
  /// The secret has a line feed, a carriage return, a NUL byte or more than 1023 bytes.
  case unsuitable

  /// The reason in words.
  var text: String {
    switch self {
    case .notAnswerable: "questions of this kind are never answered from the vault"
    case .otherAsker: "the program that asks is not the one that asks such questions"
    case .excluded: "askpass-kbdint is never"
    case .noDestination: "the user or the name of this machine is unknown"
    case .hostNotProven: "ssh -G does not confirm the user and host"
    case .oldClient: "this ssh is older than 8.5, and a server could write such a prompt"
    case .key(let error): error.text
    case .noLogin: "no login matches"
    case .refused: "the stored secret was rejected"
    case .repeated: "the stored secret was rejected just now"
    case .unsuitable: "the stored secret has a line break or is longer than 1023 bytes"
    }
  }
}

extension KeyFileError {
  /// The reason in words.
  fileprivate var text: String {
    switch self {
    case .noPath: "no file is named"
    case .pathMayBeCut: "ssh shows only the first 100 bytes of the path"
    case .unreadable: "the key's file cannot be read"
    case .notAKey: "the file is not a private key"
    case .noPublicKey: "the file does not contain its public key, and there is no .pub file"
    }
  }
}
