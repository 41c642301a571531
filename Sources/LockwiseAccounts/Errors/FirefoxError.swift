/// A failure of reading the Firefox on this machine, or of the sign-in with it. Holds names of profiles, files and
/// servers only.
public enum FirefoxError: Error, Equatable, Sendable {
  /// There is no profile in any of the usual places.
  case noProfile
  /// The named profile does not exist; the known ones.
  case unknownProfile(String, known: [String])
  /// Several profiles match.
  case ambiguousProfile([String])
  /// Firefox is not signed in to an account in this profile, or, without a name, in any.
  case notSignedIn(profile: String?)
  /// The account or its sign-in in Firefox is not confirmed yet.
  case notVerified
  /// No login was ever saved in this profile, or, without a name, in any.
  case noLogins(profile: String?)
  /// Firefox is signed in without the Sync key.
  case noSyncKey
  /// The Sync key in Firefox is no longer the account's.
  case outdatedSyncKey
  /// Firefox was signed out, here or on the server.
  case sessionGone
  /// The server cannot duplicate the session. Firefox's own is not used, since the sign-in would be tied to it.
  case noDuplicateSession
  /// The primary password is wrong.
  case wrongPrimaryPassword
  /// The profile is older than Firefox 58.
  case oldFormat
  /// A file has a format that this version does not support.
  case changedFormat(file: String)
  /// A file has a format of a later version.
  case futureFormat(file: String, version: Int64)
  /// The profile's key decrypts none of the logins in a file.
  case otherKey(file: String)
  /// Another user can change a file of the profile.
  case untrusted(path: String, reason: String)
  /// A file that belongs to a profile is missing.
  case missingFile(String)
  /// A file cannot be read; the error number of errno(3).
  case unreadable(file: String, errno: Int32)
  /// Firefox kept changing a file.
  case busy(file: String)
  /// Firefox is signed in at another server than the requested one.
  case otherServer(firefox: String, given: String)
}
