import LockwiseCLI
import LockwiseCore

/// The realm that a server named, which git is told to remember (`state[]`, git 2.46 and later) where nothing answers:
/// the person is asked then, and git drops the server's challenge before it stores what was typed (http.c,
/// `fwrite_wwwauth`). In hexadecimal digits behind `lockwise:realm:`.
///
/// It counts as much as a challenge that git hands on, which is the server's own text as well.
struct RealmState: Equatable, Sendable {
  /// A realm that is longer, in bytes, is not kept.
  static let limit = 1024
  private static let prefix = "lockwise:realm:"

  /// The realm; without line feeds and NUL.
  let realm: String

  /// Takes a realm; `nil` if it is none that a login can have.
  init?(_ realm: String) {
    guard realm.utf8.count <= Self.limit, !realm.utf8.contains(where: { [0, 10, 13].contains($0) }) else { return nil }
    self.realm = realm
  }

  /// Reads the attribute's value; `nil` if it is none of ours.
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
