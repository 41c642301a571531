/// The error numbers of the OAuth host (Mozilla accounts, OAuth API, "Errors"), which begin at 101 as those of the auth
/// server do and mean other things.
enum OAuthErrno {
  /// Returns the auth server's number for the same refusal.
  ///
  /// The auth server itself answers with these numbers on its `/oauth/…` routes. Numbers that it lacks are increased by
  /// 1000, as Firefox does, so that the two never share one.
  static func translated(_ errno: Int) -> Int {
    let known: AccountsErrno? =
      switch errno {
      case 101: .unknownClient
      case 102: .wrongClientSecret
      case 103: .redirectMismatch
      case 104, 108, 111, 115: .invalidToken
      case 105: .unknownAuthorizationCode
      case 106: .foreignAuthorizationCode
      case 107: .expiredAuthorizationCode
      case 109, 121: .invalidParameter
      case 110: .invalidResponseType
      case 114: .invalidScopes
      case 116: .notPublicClient
      case 117: .pkceMismatch
      case 118: .missingPKCE
      case 119: .staleAuthentication
      case 120: .needsTwoStep
      case 122: .unknownRefreshToken
      case 201: .unavailable
      case 202: .clientDisabled
      default: nil
      }
    // The servers' own faults have one number everywhere.
    return known?.rawValue ?? (errno >= 998 ? errno : errno + 1000)
  }

  /// The number for a grant type that the client may not use.
  static let grantType = 121
}
