/// The command line of ssh-keygen, as far as it names the key whose passphrase is asked for (ssh-keygen(1)).
struct SSHKeygenArguments: Equatable, Sendable {
  /// The path of the private key; `nil` if there is none, or the passphrase is another key's.
  let keyPath: [UInt8]?

  /// The options with an argument.
  private static let optionsWithArgument = Set("CDEFIJKMNOPRSTVWYZabfjmnrstwz".utf8)

  /// Parses arguments, starting with the program's name. Options come before all other arguments, because OpenSSH has
  /// BSD's getopt(3).
  ///
  /// - Returns: `nil` if they are incomplete.
  init?(_ arguments: [[UInt8]]) {
    var values: [UInt8: [UInt8]] = [:]
    var rest = arguments.dropFirst()
    while let argument = rest.first, argument.first == UInt8(ascii: "-"), argument.count > 1 {
      rest.removeFirst()
      if argument.isText("--") { break }
      var letters = argument.dropFirst()
      while let letter = letters.popFirst() {
        guard Self.optionsWithArgument.contains(letter) else {
          values[letter] = []
          continue
        }
        if letters.isEmpty {
          guard let next = rest.popFirst() else { return nil }
          values[letter] = next
        } else {
          values[letter] = Array(letters)
          letters = []
        }
      }
    }
    let (file, signer, operation) = (
      values[UInt8(ascii: "f")], values[UInt8(ascii: "s")], values[UInt8(ascii: "Y")]
    )
    // `-s` names the key of a certificate authority, whose passphrase is asked for in the same words.
    guard signer == nil else {
      keyPath = nil
      return
    }
    keyPath = operation?.isText("sign") == true ? file.map(Self.privateKey(of:)) : file
  }

  /// Returns the path that `-Y sign` reads for that of a public key (ssh-keygen.c, `load_sign_key`).
  private static func privateKey(of path: [UInt8]) -> [UInt8] {
    for suffix in ["-cert.pub", ".pub"] where path.count > suffix.utf8.count {
      if path.suffix(suffix.utf8.count).isText(suffix) { return path.dropLast(suffix.utf8.count) }
    }
    return path
  }
}
