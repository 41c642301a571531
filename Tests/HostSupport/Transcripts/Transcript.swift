/// A conversation with the programs, read from a file of `Tests/Transcripts`; its README describes the format.
struct Transcript {
  /// How a command is run.
  enum Mode: String {
    /// Without a terminal; standard output and standard error are compared apart.
    case plain = "$"
    /// At a terminal of its own.
    case terminal = "%"
    /// A preparation, which must succeed and whose output is not compared.
    case preparation = "+"
  }

  /// One command with what it reads and what it is expected to show.
  struct Step {
    let mode: Mode
    /// The number of the command's line, from 1.
    let number: Int
    let command: String
    /// The lines of standard input; `nil` for none.
    let input: [String]?
    /// The lines of the file that hold the command and its input.
    let head: [String]
    /// The lines of the file that hold what is expected.
    let expected: [String]
  }

  /// A piece of the file.
  enum Item {
    /// A blank line, a comment or a setting.
    case line(String)
    case step(Step)
  }

  /// A line that has no meaning.
  struct FormatError: Error, Equatable, CustomStringConvertible {
    let number: Int
    let reason: String
    var description: String { "line \(number): \(reason)" }
  }

  let items: [Item]
  let settings: [TranscriptSetting]

  var steps: [Step] { items.compactMap { if case .step(let step) = $0 { step } else { nil } } }

  /// Reads a file's text.
  ///
  /// - Throws: `FormatError`.
  init(_ text: String) throws {
    var parser = TranscriptParser(text)
    (items, settings) = try parser.parse()
  }
}

/// What holds for a whole transcript: a line that begins with `@`.
enum TranscriptSetting: Equatable {
  case variable(name: String, value: String)
  /// Signed in with the key file `{key}`, and pulled.
  case signedInWithKeyFile
  /// Signed in with a passphrase, and pulled.
  case signedIn(passphrase: String)
  /// A git server with the repository `radium.git`, and git set up to use Lockwise.
  case gitServer(username: String, password: String)
  /// The same as `https://github.com`, with the repository `marie/radium.git`, and git as it is without a setting.
  case gitHub(username: String, password: String)
  /// The user of a machine of its own, with sudo, which is also an ssh server.
  case user(name: String, password: String, machine: String, sshServer: String)
  /// Run only where there is a kernel keyring.
  case needsKeyring
  /// The servers may reject requests, in the sense of `TestHome.mayBeRejected`.
  case allowRejections
  /// Collections may be deleted.
  case allowDeletions

  /// Reads what follows `@`; `nil` for what has no meaning.
  init?(_ text: String) {
    if text == "signed in with a key file" {
      self = .signedInWithKeyFile
    } else if let match = text.wholeMatch(of: /signed in with the passphrase (.+)/) {
      self = .signedIn(passphrase: String(match.1))
    } else if let match = text.wholeMatch(of: /git server that accepts ([^ :]+):(.+)/) {
      self = .gitServer(username: String(match.1), password: String(match.2))
    } else if let match = text.wholeMatch(of: /git server github\.com that accepts ([^ :]+):(.+)/) {
      self = .gitHub(username: String(match.1), password: String(match.2))
    } else if let match = text.wholeMatch(
      of: /user ([^ :]+):(.+) of the machine ([^ ]+), also the ssh server ([^ ]+)/)
    {
      self = .user(
        name: String(match.1), password: String(match.2), machine: String(match.3), sshServer: String(match.4))
    } else if text == "needs the kernel keyring" {
      self = .needsKeyring
    } else if text == "allow rejected requests" {
      self = .allowRejections
    } else if text == "allow deleted collections" {
      self = .allowDeletions
    } else if let match = text.wholeMatch(of: /([A-Z][A-Z0-9_]*)=(.*)/) {
      self = .variable(name: String(match.1), value: String(match.2))
    } else {
      return nil
    }
  }
}
