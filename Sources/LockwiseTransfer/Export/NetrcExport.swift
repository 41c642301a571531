import LockwiseCore

/// Lines of a `.netrc` (netrc(5) of GNU inetutils; curl, "netrc").
enum NetrcExport {
  /// Returns the line of a login; `nil` if the format has no form for it.
  ///
  /// A line names a host without scheme, port and path, so that only logins for https at the usual port fit. Neither
  /// logins of docker, whose tokens are for docker alone, nor entries without a password or with a one-time code in its
  /// place are written.
  static func line(_ login: LoginRecord) -> SecretBytes? {
    guard let origin = Origin(login.origin), origin.scheme == "https", origin.port == nil, !login.username.isEmpty,
      login.gitPath == nil, !DockerRealm.contains(login.httpRealm), !login.hasPlaceholderPassword,
      !OTPAuthURI.isURI(login.password), login.git.authtype == nil,
      let username = word(SecretBytes(utf8: login.username)), let password = word(login.password)
    else { return nil }
    return .concatenating([
      SecretBytes(utf8: "machine \(origin.host) login "), username, SecretBytes(utf8: " password "), password,
      SecretBytes(utf8: "\n"),
    ])
  }

  /// Returns a value as a word, in quotes if it contains anything but letters, digits and harmless marks; `nil` if it has
  /// a control character.
  private static func word(_ value: SecretBytes) -> SecretBytes? {
    value.withUnsafeBytes { bytes in
      guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
      guard !bytes.allSatisfy(isPlain) else { return value }
      var builder = SecretBuilder(capacity: bytes.count + 8)
      builder.append(UInt8(ascii: "\""))
      for byte in bytes {
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { builder.append(UInt8(ascii: "\\")) }
        builder.append(byte)
      }
      builder.append(UInt8(ascii: "\""))
      return builder.finish()
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "-._~@%+=:,/!$&()*;?^{|}<>[]".utf8.contains(byte)
    }
  }
}
