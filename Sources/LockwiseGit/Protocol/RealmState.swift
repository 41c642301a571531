import LockwiseCLI
import LockwiseCore

/// The realm that a server named, as an attribute `state[]` (git 2.46 and later) in responses without a login.
///
/// git then prompts the user and drops the server's challenge before it stores the typed password (http.c,
/// `fwrite_wwwauth`). The value is `lockwise:realm:` and the realm in hexadecimal digits.
///
/// It is as trustworthy as a challenge from git, which is the server's text as well.
struct RealmState: Equatable, Sendable {
  /// The maximum length of a realm in bytes.
  static let limit = 1024
  private static let prefix = "lockwise:realm:"

  /// The realm, without line feeds and NUL.
  let realm: String

  /// Makes the state of a realm; `nil` if the realm is not valid for a login.
  init?(_ realm: String) {
    guard realm.utf8.count <= Self.limit, !realm.utf8.contains(where: { [0, 10, 13].contains($0) }) else { return nil }
    self.realm = realm
  }

  /// Parses the attribute's value; `nil` if it is not a realm state of this helper.
  init?(parsing value: UnsafeRawBufferPointer) {
    let prefix = Self.prefix.utf8
    guard value.count <= prefix.count + 2 * Self.limit, value.starts(with: prefix),
      let bytes = Hex.decode(value[prefix.count...]), let realm = String(validating: bytes, as: UTF8.self)
    else { return nil }
    self.init(realm)
  }

  /// The lines for git.
  var text: SecretBytes {
    SecretBytes(utf8: "capability[]=state\nstate[]=\(Self.prefix)\(Hex.encode(Array(realm.utf8)))\n")
  }
}
