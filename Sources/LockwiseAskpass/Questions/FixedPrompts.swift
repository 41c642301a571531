/// Prompts that the vault never answers, recognised so that the user is asked in the right way.
///
/// The texts are those of OpenSSH (sshconnect.c, sshconnect2.c, ssh-add.c, ssh-agent.c, ssh-keygen.c, ssh-pkcs11.c,
/// mux.c, clientloop.c) and of PAM modules that change a password.
enum FixedPrompts {
  /// Returns the kind of a prompt; `nil` if it is another one.
  static func kind(of text: ArraySlice<UInt8>) -> Question? {
    if newSecrets.contains(where: { $0.matches(text) }) { return .newSecret }
    if hostKeys.contains(where: { $0.matches(text) }) { return .hostKey }
    if stale.matches(text) { return .stalePassphrase }
    if pins.contains(where: { $0.matches(text) }) { return .pin }
    if consents.contains(where: { $0.matches(text) }) { return .yesOrNo }
    if text.isText("Username: ") { return .userName }
    return nil
  }

  /// A text by its beginning and end, between which anything may be.
  private struct Pattern {
    let beginning: String
    let end: String

    init(_ beginning: String, _ end: String) { (self.beginning, self.end) = (beginning, end) }

    /// A whole text.
    init(exactly text: String) { self.init(text, "") }

    func matches(_ text: ArraySlice<UInt8>) -> Bool {
      text.starts(with: beginning.utf8) && text.dropFirst(beginning.utf8.count).suffix(end.utf8.count).isText(end)
    }
  }

  private static let hostKeys = [
    Pattern("", "(yes/no/[fingerprint])? "), Pattern("", "(yes/no)? "),
    Pattern(exactly: "Please type 'yes', 'no' or the fingerprint: "), Pattern(exactly: "Please type 'yes' or 'no': "),
    Pattern(exactly: "Accept updated hostkeys? (yes/no): "),
  ]

  private static let stale = Pattern("Bad passphrase, try again for ", "")

  private static let newSecrets = [
    Pattern("Enter new passphrase", ""), Pattern("", "(empty for no passphrase): "),
    Pattern("Enter same passphrase", ""), Pattern("Retype ", ": "), Pattern("Enter ", "'s old password: "),
    Pattern("Enter ", "'s new password: "), Pattern(exactly: "Current password: "),
    Pattern(exactly: "New password: "),
  ]

  private static let pins = [
    Pattern("Enter PIN ", ": "), Pattern(exactly: "Enter passphrase for PKCS#11: "),
    Pattern(exactly: "Enter lock password: "), Pattern(exactly: "Again: "),
  ]

  private static let consents = [
    Pattern("Add key ", " to agent?"), Pattern("Allow shared connection to ", "? "),
    Pattern("Terminate shared connection to ", "? "), Pattern("Open ", "?"), Pattern("Allow forward to ", ""),
    Pattern("Disable further multiplexing on shared connection to ", "? "),
    Pattern(exactly: "Allow multiplex proxy connection?"), Pattern("Allow use of key ", ""),
  ]
}
