import Glibc
import LockwiseCore

extension FirefoxError: UserFacingErrorConvertible {
  /// The error as a program shows it.
  public var userFacingError: UserFacingError {
    UserFacingError(message, hint: hint, exitCode: exitCode)
  }

  private var message: String {
    switch self {
    case .noProfile: "cannot find a Firefox profile"
    case .unknownProfile(let name, _): "there is no Firefox profile \(name)"
    case .ambiguousProfile(let names): "several Firefox profiles match: \(Self.list(names))"
    case .notSignedIn(let name?): "Firefox is not signed in to an account in the profile \(name)"
    case .notSignedIn(nil): "Firefox is not signed in to an account in any profile"
    case .notVerified: "the account in Firefox is not confirmed yet"
    case .noLogins(let name?): "there are no saved logins in the profile \(name)"
    case .noLogins(nil): "there are no saved logins in any profile"
    case .noSyncKey: "Firefox is signed in but has no Sync key"
    case .outdatedSyncKey: "the Sync key in Firefox is out of date: the account's key has changed"
    case .sessionGone: "Firefox has been signed out of the account"
    case .noDuplicateSession: "the server cannot create a separate session for lockwise"
    case .wrongPrimaryPassword: "wrong primary password"
    case .oldFormat: "the profile comes from a Firefox older than 58, which is not supported"
    case .changedFormat(let file): "cannot read the profile's \(file): it is damaged, or its format is not supported"
    case .futureFormat(let file, let version):
      "cannot read the profile's \(file): format version \(version) is not supported"
    case .otherKey(let file):
      "cannot decrypt the logins: the profile's \(file) and key4.db do not belong together"
    case .untrusted(let path, let reason): "cannot use the profile: \(path): \(reason)"
    case .missingFile(let file): "the Firefox profile has no \(file)"
    case .unreadable(let file, let number): "cannot read the profile's \(file): \(String(cString: strerror(number)))"
    case .busy(let file): "Firefox keeps changing its \(file)"
    case .otherServer(let firefox, let given): "Firefox is signed in at \(firefox), not at \(given)"
    }
  }

  private var hint: String? {
    switch self {
    case .noProfile: "name the profile's directory, or sign in with a browser: lockwise-sync login --browser"
    case .unknownProfile(_, let known) where known.isEmpty: "name the profile's directory"
    case .unknownProfile(_, let known): "known profiles: \(Self.list(known))"
    case .ambiguousProfile: "give one of them as the argument; to compare them, add --list"
    case .notSignedIn:
      "sign in to Sync in Firefox first; list the profiles: lockwise-sync login --from-firefox --list"
    case .notVerified: "follow the e-mail that Mozilla sent, then try again"
    case .noLogins: "save a login in Firefox first; list the profiles: lockwise-sync login --local --list"
    case .noSyncKey: "turn on Sync in Firefox's settings, or sign out there and sign in again"
    case .outdatedSyncKey, .sessionGone: "sign in to Sync in Firefox again, then try again here"
    case .noDuplicateSession: "use another sign-in method: lockwise-sync login --browser, or the password"
    case .wrongPrimaryPassword: "type the password that Firefox asks for before it fills in saved logins"
    case .oldFormat: "open the profile in a current Firefox once"
    case .changedFormat: "if Firefox can open the profile, update lockwise"
    case .futureFormat: "update lockwise"
    case .otherKey: "open the profile in Firefox and check that it shows the saved logins"
    case .untrusted: "make sure that only you can change the profile"
    case .missingFile: "open the profile in Firefox once, or name another one"
    case .unreadable: "check the file's permissions"
    case .busy: "try again in a moment"
    case .otherServer: "omit --server, or sign in with the e-mail address and password"
    }
  }

  private var exitCode: ExitCode {
    switch self {
    case .unknownProfile, .ambiguousProfile, .otherServer: .usage
    case .notSignedIn, .notVerified, .noSyncKey, .outdatedSyncKey, .sessionGone, .noDuplicateSession,
      .wrongPrimaryPassword:
      .refused
    case .busy: .busy
    case .noProfile, .noLogins, .oldFormat, .changedFormat, .futureFormat, .otherKey, .untrusted, .missingFile,
      .unreadable:
      .failure
    }
  }

  private static func list(_ names: [String]) -> String { names.joined(separator: ", ") }
}
