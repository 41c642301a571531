/// The reason why a text is not a reference.
enum ReferenceError: Error, Hashable {
  /// The text does not begin with `lockwise://`.
  case noScheme
  /// There is no host.
  case noHost
  /// The host cannot be that of a login.
  case invalidHost
  /// There are more segments than host, user and field.
  case tooManySegments
  /// A `%` without two hexadecimal digits after it.
  case lonePercentSign
  /// A `?`, which has no meaning.
  case questionMark
  /// A `#` where no digits of a GUID can follow, or without any.
  case numberSign
  /// There is a slash after the user, and no field.
  case noField
  /// A segment is not UTF-8 when it is decoded.
  case notUTF8
  /// A segment contains a NUL byte.
  case containsNUL
  /// `${` without a valid name and `}`.
  case invalidVariable
  /// The environment has no variable of this name.
  case unsetVariable(String)
}
