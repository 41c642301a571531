import Glibc
import LockwiseCore

extension FirefoxError: UserFacingErrorConvertible {
  /// The error as a program shows it.
  public var userFacingError: UserFacingError {
    UserFacingError(message, hint: hint, exitCode: exitCode)
  }

  private var message: String {
    switch self {
    case .noProfile: "there is no Firefox profile here"
    case .unknownProfile(let name, _): "there is no Firefox profile \(name)"
    case .ambiguousProfile(let names): "several Firefox profiles may be meant: \(Self.list(names))"
    case .notSignedIn(let name?): "nobody is signed in to Firefox in the profile \(name)"
    case .notSignedIn(nil): "nobody is signed in to Firefox in any profile"
    case .notVerified: "the account is not confirmed yet in Firefox"
    case .noSyncKey: "Firefox is signed in, but has no key of Sync"
    case .outdatedSyncKey: "the Sync key in Firefox is out of date: the account's key was changed since"
    case .sessionGone: "Firefox has been signed out of the account"
    case .noDuplicateSession: "the server cannot give lockwise a session apart from Firefox's"
    case .wrongPrimaryPassword: "wrong primary password"
    case .oldFormat: "the profile is of a Firefox before 58, which this program cannot read"
    case .changedFormat(let file): "Firefox's \(file) has a form that this version does not know"
    case .missingFile(let file): "the Firefox profile has no \(file)"
    case .unreadable(let file, let number): "cannot read Firefox's \(file): \(String(cString: strerror(number)))"
    case .busy(let file): "Firefox keeps writing its \(file)"
    case .otherServer(let firefox, let given): "Firefox is signed in at \(firefox), not at \(given)"
    }
  }

  private var hint: String? {
    switch self {
    case .noProfile: "sign in in a browser: lockwise-sync login --browser; or name the profile's directory"
    case .unknownProfile(_, let known) where known.isEmpty: "name the profile's directory"
    case .unknownProfile(_, let known): "these are known: \(Self.list(known))"
    case .ambiguousProfile: "name one of them behind --from-firefox; --list tells them apart"
    case .notSignedIn: "sign in to Sync in Firefox first; --list shows the profiles"
    case .notVerified: "confirm the sign-in by the mail that Mozilla sent, then try again"
    case .noSyncKey: "switch Sync on in Firefox's settings, or sign out there and in again"
    case .outdatedSyncKey, .sessionGone: "sign in to Sync in Firefox again, then try again here"
    case .noDuplicateSession: "sign in with lockwise-sync login --browser, or with e-mail address and password"
    case .wrongPrimaryPassword: "it is the password that Firefox asks for before it fills in saved ones"
    case .oldFormat: "open the profile in a current Firefox once"
    case .changedFormat: "sign in with e-mail address and password; this version may be out of date"
    case .missingFile: "open the profile in Firefox once, or name another one"
    case .unreadable: "look at the file's permissions"
    case .busy: "try again in a moment"
    case .otherServer: "leave --server away, or sign in with e-mail address and password"
    }
  }

  private var exitCode: ExitCode {
    switch self {
    case .unknownProfile, .ambiguousProfile, .otherServer: .usage
    case .notSignedIn, .notVerified, .noSyncKey, .outdatedSyncKey, .sessionGone, .noDuplicateSession,
      .wrongPrimaryPassword:
      .refused
    case .busy: .busy
    case .noProfile, .oldFormat, .changedFormat, .missingFile, .unreadable: .failure
    }
  }

  private static func list(_ names: [String]) -> String { names.joined(separator: ", ") }
}
