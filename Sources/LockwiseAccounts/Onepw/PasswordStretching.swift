import LockwiseCore

/// The derivation of the password's proof (`authPW`) and of the key that unwraps the account's key (onepw protocol;
/// Mozilla accounts, "Client-side key stretching" versions 1 and 2).
enum PasswordStretching: Equatable, Sendable {
  /// Version 1, salted with the address that the account was created with, in its letter case.
  case v1(email: String)
  /// Version 2, salted by the server.
  case v2(salt: ClientSalt)

  private var salt: String {
    switch self {
    case .v1(let email): Onepw.namespace + "quickStretch:" + email
    case .v2(let salt): salt.text
    }
  }

  // Fixed here: a server must not be able to choose fewer.
  private var iterations: Int {
    switch self {
    case .v1: 1000
    case .v2: 650_000
    }
  }

  /// Stretches a password.
  ///
  /// - Parameter password: the bytes as typed, UTF-8, not normalised.
  /// - Returns: the two keys.
  /// - Throws: `CryptoError` if libcrypto fails.
  func stretch(_ password: SecretBytes) throws -> StretchedPassword {
    let stretched = try quickStretch(password)
    return StretchedPassword(
      authPW: try HKDFSHA256.deriveKey(from: stretched, info: Onepw.namespace + "authPW", count: 32),
      // The lower-case k is the protocol's.
      unwrapBKey: try HKDFSHA256.deriveKey(from: stretched, info: Onepw.namespace + "unwrapBkey", count: 32))
  }

  /// The PBKDF2 step alone: 32 bytes.
  func quickStretch(_ password: SecretBytes) throws -> SecretBytes {
    try PBKDF2SHA256.deriveKey(
      password: password, salt: Array(salt.utf8), iterations: iterations, count: 32)
  }
}

/// A stretched password.
struct StretchedPassword: Sendable {
  /// The proof of the password for the server: 32 bytes.
  let authPW: SecretBytes
  /// The key that unwraps kB, which never leaves the machine: 32 bytes.
  let unwrapBKey: SecretBytes
}

/// The constants of Mozilla accounts' key derivations (onepw protocol).
enum Onepw {
  /// The prefix of every context string.
  static let namespace = "identity.mozilla.com/picl/v1/"
}

/// The salt of version 2 password stretching, chosen by the server.
///
/// A server that could choose any text could choose the version 1 salt of an account, so only one form is accepted: the
/// version 2 prefix and 32 hexadecimal digits.
public struct ClientSalt: Equatable, Sendable {
  /// The prefix of every such salt.
  static let prefix = Onepw.namespace + "quickStretchV2:"

  /// The whole text, used as the PBKDF2 salt as it is; its digits are not decoded.
  public let text: String

  /// Checks a salt.
  ///
  /// - Parameter text: the server's `clientSalt`.
  /// - Throws: `AccountsError.refusedClientSalt` if it does not have exactly this form.
  public init(_ text: String) throws(AccountsError) {
    let digits = text.utf8.dropFirst(Self.prefix.utf8.count)
    guard text.hasPrefix(Self.prefix), digits.count == 32,
      digits.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
    else { throw .refusedClientSalt }
    self.text = text
  }
}
