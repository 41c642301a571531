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
