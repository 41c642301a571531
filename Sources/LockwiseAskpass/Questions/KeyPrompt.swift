/// A prompt for the passphrase of a key.
struct KeyPrompt: Equatable, Sendable {
  /// The program whose wording it is.
  enum Wording: Sendable {
    /// `Enter passphrase for key 'PATH': `. The path is cut after 100 bytes (sshconnect2.c, `load_identity_file`).
    case ssh
    /// `Enter passphrase for PATH: ` with or without ` (will confirm each use)` (ssh-add.c, `add_file`).
    case sshAdd
    /// `Enter passphrase for "PATH": `; before OpenSSH 9.9 `Enter passphrase: `; `Enter old passphrase: ` (ssh-keygen.c).
    case sshKeygen
  }

  /// The program whose wording it is.
  let wording: Wording
  /// The path as shown; `nil` if the prompt has none and it is on the asker's command line.
  let path: [UInt8]?

  /// Makes a prompt.
  init(wording: Wording, path: [UInt8]?) { (self.wording, self.path) = (wording, path) }

  /// Parses a prompt; `nil` if it is another one, or the key is read from standard input.
  ///
  /// A text in the wording of ssh or ssh-keygen could also be ssh-add's with an unusual path. Then the asker differs
  /// from the wording, and there is no answer.
  init?(_ prompt: ArraySlice<UInt8>) {
    if prompt.isText("Enter passphrase: ") || prompt.isText("Enter old passphrase: ") {
      self.init(wording: .sshKeygen, path: nil)
    } else if let path = PromptText.middle(prompt, "Enter passphrase for key '", "': ") {
      self.init(wording: .ssh, path: path)
    } else if let path = PromptText.middle(prompt, "Enter passphrase for \"", "\": ") {
      self.init(wording: .sshKeygen, path: path)
    } else if let path = PromptText.middle(prompt, "Enter passphrase for ", " (will confirm each use): ")
      ?? PromptText.middle(prompt, "Enter passphrase for ", ": "), !path.isText("(stdin)")
    {
      self.init(wording: .sshAdd, path: path)
    } else {
      return nil
    }
  }

  private init?(wording: Wording, path: ArraySlice<UInt8>) {
    guard !path.contains(0) else { return nil }
    self.init(wording: wording, path: Array(path))
  }
}
