import LockwiseCore

/// A reference to a field of a login, `lockwise://HOST[/USER[/FIELD]]`.
///
/// Its text is split at `/` before anything is decoded, so what it means does not depend on the vault.
struct Reference: Equatable, Sendable {
  /// The beginning of every reference.
  static let scheme: StaticString = "lockwise://"

  /// The login that a reference names.
  enum Login: Equatable, Sendable {
    /// The login with a GUID.
    case guid(String)
    /// A login of a site or of the free entries.
    ///
    /// - `username`: the exact user name; `nil` accepts any.
    /// - `digits`: the first characters of the GUID without its braces; `nil` accepts any.
    case entry(Place, username: String?, digits: String?)
  }

  /// The site of a login.
  enum Place: Equatable, Sendable {
    /// A site.
    case site(Origin)
    /// The entries of lockwise-pass whose names begin with this part.
    case free(firstPart: String)
  }

  /// The login.
  let login: Login
  /// The field.
  let field: ReferenceField
}
