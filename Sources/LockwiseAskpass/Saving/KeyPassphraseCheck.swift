import LockwiseCLI
import LockwiseCore

/// Tries a passphrase on a private key with ssh-keygen(1).
struct KeyPassphraseCheck {
  /// The result of a check.
  enum Result: Equatable {
    /// The passphrase opens the key, which has this public key.
    case opens(PublicKey)
    /// The passphrase is wrong.
    case wrong
    /// The key cannot be read, or there is no ssh-keygen.
    case unknown
  }

  /// The time for a key derivation with many rounds.
  private static let timeout: Milliseconds = 60_000

  /// The path of the key.
  let path: String
  /// The environment of this run.
  let environment: Environment

  /// Checks a passphrase. It is standard input, and nothing else can ask for one: ssh-keygen has no terminal.
  ///
  /// - Parameter passphrase: the passphrase; empty for a key without one.
  func check(_ passphrase: SecretBytes) -> Result {
    guard ProgramSearch(environment).find("ssh-keygen") != nil else { return .unknown }
    let input = SecretBytes.concatenating([passphrase, SecretBytes(utf8: "\n")])
    let result = try? ChildProcess.exchange(
      with: "ssh-keygen", ["-y", "-f", path],
      environment: environment.setting("SSH_ASKPASS_REQUIRE", to: "never").setting("SSH_ASKPASS", to: nil)
        .setting("LC_ALL", to: "C"),
      input: input, errors: .collected, in: .current, detached: true, timeout: Self.timeout)
    guard let result else { return .unknown }
    let output = result.output.withUnsafeBytes { Array($0) }
    guard result.ending == .exited(0) else {
      return String(decoding: output, as: UTF8.self).contains("incorrect passphrase") ? .wrong : .unknown
    }
    // The prompt may be in the same line, before the type, the key and the comment.
    let words = output.split { $0 == 0x0A || $0 == 0x20 }
    let keys = words.lazy.filter { $0.starts(with: "AAAA".utf8) }.compactMap {
      Base64.standard.decode(String(decoding: $0, as: UTF8.self)).flatMap { PublicKey(encoded: $0) }
    }
    return keys.first.map { .opens($0) } ?? .unknown
  }
}
