import LockwiseCore

/// The site and user name of a login, compared byte by byte.
struct LoginKey: Hashable {
  private let bytes: [UInt8]

  /// Makes the key of a login. Equivalent origins have the same key.
  init(_ login: LoginRecord) {
    let origin = Origin(login.origin)?.serialized ?? login.origin
    bytes = Array(origin.utf8) + [0] + Array(login.username.utf8)
  }
}
