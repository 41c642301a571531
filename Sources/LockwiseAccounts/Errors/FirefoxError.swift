/// Why the Firefox on this machine does not help to sign in. Holds names of profiles, files and servers only.
public enum FirefoxError: Error, Equatable, Sendable {
  /// There is no profile in any of the usual places.
  case noProfile
  /// There is no such profile; those that there are.
  case unknownProfile(String, known: [String])
  /// Several profiles may be meant.
  case ambiguousProfile([String])
  /// Nobody is signed in to Firefox in this profile, or, without a name, in any.
  case notSignedIn(profile: String?)
  /// The account or its sign-in in Firefox is not confirmed yet.
  case notVerified
  /// Firefox is signed in without the key of Sync.
  case noSyncKey
  /// The Sync key that Firefox has is not the account's any more.
  case outdatedSyncKey
  /// Firefox was signed out, here or on the server.
  case sessionGone
  /// The server cannot duplicate the session, and Firefox's own is not used: the sign-in would be tied to Firefox's.
  case noDuplicateSession
  /// The primary password is wrong.
  case wrongPrimaryPassword
  /// The profile is older than Firefox 58 or was never opened since.
  case oldFormat
  /// A file is not in a form that this version knows.
  case changedFormat(file: String)
  /// A file that belongs to a profile is missing.
  case missingFile(String)
  /// A file cannot be read, with the number of errno(3).
  case unreadable(file: String, errno: Int32)
  /// Firefox kept writing a file for as long as it was waited for.
  case busy(file: String)
  /// Firefox is signed in at one server, and another one was asked for.
  case otherServer(firefox: String, given: String)
}
