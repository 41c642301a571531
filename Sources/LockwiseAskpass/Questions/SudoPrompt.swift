/// A prompt of sudo with its escapes, such as `[sudo] password for %p: ` (sudo(8), `-p`).
struct SudoPrompt: Equatable, Sendable {
  /// The user in a prompt.
  enum User: Equatable, Sendable {
    /// The user who runs sudo: the prompt has no `%p`.
    case runner
    /// The user in place of `%p`.
    case named(String)
  }

  private enum Piece: Equatable, Sendable {
    case text([UInt8])
    /// `%p`: the user whose password is wanted.
    case user
    /// `%U`: the user as whom the command will run.
    case target
    /// A domain after this machine's name, which sudo shows for `%H` if it is configured to look it up.
    case domain
  }

  /// The longest user or domain name in a prompt, in bytes.
  private static let longestName = 255

  private let pieces: [Piece]

  /// Reads the escapes of a prompt. Any other `%` stays, as in sudo.
  ///
  /// - Parameters:
  ///   - template: the text, as `SUDO_PROMPT` has it.
  ///   - runner: the user who runs sudo (`%u`).
  ///   - machine: the name of this machine (`%h`, `%H`).
  init(_ template: String, runner: String, machine: String) {
    var pieces: [Piece] = []
    var text: [UInt8] = []
    func add(_ piece: Piece) {
      if !text.isEmpty { pieces.append(.text(text)) }
      pieces.append(piece)
      text = []
    }
    let short = Array(machine.utf8.prefix { $0 != UInt8(ascii: ".") })
    var rest = Array(template.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%"), let letter = rest.first else {
        text.append(byte)
        continue
      }
      switch letter {
      case UInt8(ascii: "p"): add(.user)
      case UInt8(ascii: "U"): add(.target)
      case UInt8(ascii: "u"): text += runner.utf8
      case UInt8(ascii: "h"): text += short
      case UInt8(ascii: "H"):
        text += short
        add(.domain)
      case UInt8(ascii: "%"): text.append(letter)
      default:
        text.append(byte)
        continue
      }
      rest.removeFirst()
    }
    if !text.isEmpty { pieces.append(.text(text)) }
    self.pieces = pieces
  }

  /// Returns the user in a prompt; `nil` if the prompt is another one, or could be about several users.
  func user(in prompt: [UInt8]) -> User? {
    guard !pieces.isEmpty else { return nil }
    var found: Set<[UInt8]> = []
    match(pieces[...], prompt[...], Names(), &found)
    guard found.count == 1, let user = found.first else { return nil }
    return pieces.contains(.user) ? Self.name(user[...]).map(User.named) : .runner
  }

  /// Returns the name of a user; `nil` if sudo could not show it.
  static func name(_ bytes: ArraySlice<UInt8>) -> String? {
    guard bytes.allSatisfy(isNamePart), bytes.first != 0x20, bytes.last != 0x20 else { return nil }
    return PromptText.name(bytes)
  }

  /// The names that the escapes of a prompt stand for. Each escape stands for the same name throughout.
  private struct Names {
    var user: ArraySlice<UInt8>?
    var target: ArraySlice<UInt8>?
    var domain: ArraySlice<UInt8>?
  }

  /// Collects each user with whom the prompt matches the pieces; an empty name if the pieces have no `%p`.
  private func match(
    _ pieces: ArraySlice<Piece>, _ prompt: ArraySlice<UInt8>, _ names: Names, _ found: inout Set<[UInt8]>
  ) {
    guard let piece = pieces.first else {
      if prompt.isEmpty { found.insert(Array(names.user ?? [])) }
      return
    }
    let rest = pieces.dropFirst()
    func matchName(_ name: WritableKeyPath<Names, ArraySlice<UInt8>?>, shortest: Int, _ isPart: (UInt8) -> Bool) {
      if let known = names[keyPath: name] {
        if prompt.starts(with: known) { match(rest, prompt.dropFirst(known.count), names, &found) }
        return
      }
      let longest = prompt.prefix(Self.longestName).prefix(while: isPart).count
      guard shortest <= longest else { return }
      for count in shortest...longest where found.count < 2 {
        var names = names
        names[keyPath: name] = prompt.prefix(count)
        match(rest, prompt.dropFirst(count), names, &found)
      }
    }
    switch piece {
    case .text(let text):
      if prompt.starts(with: text) { match(rest, prompt.dropFirst(text.count), names, &found) }
    case .user: matchName(\.user, shortest: 1, Self.isNamePart)
    case .target: matchName(\.target, shortest: 1, Self.isNamePart)
    case .domain: matchName(\.domain, shortest: 0, Self.isDomainPart)
    }
  }

  private static func isNamePart(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != 0x7F && byte != UInt8(ascii: ":")
  }

  private static func isDomainPart(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 97...122, 65...90, UInt8(ascii: "-"), UInt8(ascii: "."): true
    default: false
    }
  }
}

extension SudoPrompt {
  /// Returns the question in sudo's or sudo-rs's own words, in any language; `nil` if the prompt is another one.
  static func translated(_ prompt: ArraySlice<UInt8>) -> Question? {
    // sudo-rs names no user (src/pam/converse.rs).
    if prompt.isText("[sudo: authenticate] Password: ") { return .sudoPassword(user: nil) }
    guard prompt.starts(with: "[sudo] ".utf8) || prompt.starts(with: "[судо] ".utf8) else { return nil }
    for (beginning, end) in translations {
      if let user = PromptText.middle(prompt, beginning, end).flatMap({ name($0) }) { return .sudoPassword(user: user) }
    }
    return nil
  }

  /// The texts before and after the user's name in `[sudo] password for %p: ` and its translations (sudo,
  /// plugins/sudoers/po). Georgian has one before 1.9.14 and another one after.
  private static let translations: [(beginning: String, end: String)] = [
    ("[sudo] password for ", ": "), ("[sudo] adgangskode for ", ": "), ("[sudo] contrasenya per a ", ": "),
    ("[sudo] contraseña de ", ": "), ("[sudo] contraseña para ", ": "), ("[sudo] hasło użytkownika ", ": "),
    ("[sudo] heslo pre používateľa ", ": "), ("[sudo] heslo pro ", ": "), ("[sudo] kata sandi untuk ", ": "),
    ("[sudo] lozinka za ", ": "), ("[sudo] lösenord för ", ": "), ("[sudo] Mot de passe de ", "\u{A0}: "),
    ("[sudo] mật khẩu dành cho ", ": "), ("[sudo] parola pentru ", ": "), ("[sudo] passord for ", ": "),
    ("[sudo] password di ", ": "), ("[sudo] password par ", ": "), ("[sudo] Passwort für ", ": "),
    ("[sudo] pasvorto por ", ": "), ("[sudo] senha para ", ": "), ("[sudo] wachtwoord voor ", ": "),
    ("[sudo] пароль для ", ": "), ("[sudo] пароль до ", ": "), ("[sudo] گذرواژهٔ ", ": "),
    ("[sudo] პაროლი მომხმარებლისთვის ", ": "), ("[sudo] პაროლი ", "-სთვის: "), ("[sudo] ", " jelszava: "),
    ("[sudo] ", " のパスワード:"), ("[sudo] ", " 的密码："), ("[sudo] ", " 的密碼："), ("[sudo] ", " 암호: "),
    ("[sudo] ", "-käyttäjän salasana: "), ("[судо] лозинка за корисника ", ": "),
  ]
}
