import LockwiseAccounts
import LockwiseCore

/// A failure of a storage request. Holds nothing from a body.
public enum StorageError: Error, Equatable, Sendable {
  /// There was no response.
  case network(HTTPError)
  /// 401, also with new credentials.
  case unauthorized
  /// A request cannot carry the credentials.
  case unusableCredentials
  /// The account's data moved to another storage endpoint since this client connected: start over.
  case endpointChanged
  /// An earlier response asked the client to back off for this time; nothing was sent.
  case backingOff(Seconds)
  /// 429, 503, or any 5xx with a time to wait; the time, if the server names one.
  case busy(status: Int, retryAfter: Seconds?)
  /// Other 5xx, after two more tries.
  case serverTrouble(status: Int)
  /// 412: the data changed meanwhile; its time, if the server names it.
  case preconditionFailed(lastModified: Timestamp?)
  /// 409: another client writes at the same time; the time to wait, if the server names one.
  case conflict(retryAfter: Seconds?)
  /// 404 where it is an error.
  case notFound
  /// 413, or 400 with code 17.
  case tooLarge
  /// 403 or 400 with code 14.
  case overQuota
  /// 403.
  case forbidden
  /// 400 with code 16: the server requires a newer client.
  case upgradeRequired
  /// 400 with another code, or none.
  case badRequest(code: Int64?)
  /// 301, 302, 303, 307, 308: the new address, without the query.
  case redirected(to: String)
  /// 405, 406, 415 and every other unexpected status.
  case unexpectedStatus(Int)
  /// 513, or a `hard-eol` alert: the service has ended. The operators' message, if there is one.
  case decommissioned(message: String?)
  /// The status is right, but the response is not what was expected.
  case unexpectedResponse(expected: String)
  /// An invalid collection name or record id.
  case invalidName
}

extension StorageError: UserFacingErrorConvertible {
  /// The error as a program shows it.
  public var userFacingError: UserFacingError {
    UserFacingError(message, hint: hint, exitCode: exitCode)
  }

  private var message: String {
    switch self {
    case .network(let error): error.userFacingError.message
    case .unauthorized: "the storage server does not accept the credentials"
    case .unusableCredentials: "the storage credentials are damaged"
    case .endpointChanged: "the account's data moved to another storage server"
    case .backingOff(let wait):
      "the storage server asked us to back off for \(Quantity.duration(wait)) more"
    case .busy(let status, let wait):
      "the storage server is busy (HTTP \(status))"
        + (wait.map { ", try again in \(Quantity.duration($0))" } ?? "")
    case .serverTrouble(let status): "the storage server failed (HTTP \(status))"
    case .preconditionFailed: "the data on the server changed meanwhile"
    case .conflict: "another client is writing at the same time"
    case .notFound: "the storage server does not have what was requested"
    case .tooLarge: "the storage server rejects the data as too large"
    case .overQuota: "the account's storage is full"
    case .forbidden: "the storage server forbids the request"
    case .upgradeRequired: "the storage server requires a newer client"
    case .badRequest(let code):
      "the storage server refuses the request" + (code.map { " (code \($0))" } ?? "")
    case .redirected(let target): "the storage server redirects to \(target)"
    case .unexpectedStatus(let status): "the storage server sent an unexpected response (HTTP \(status))"
    case .decommissioned(let message):
      "the storage service has ended" + (message.map { $0.isEmpty ? "" : ": \($0)" } ?? "")
    case .unexpectedResponse(let expected): "the storage server's response is not \(expected)"
    case .invalidName: "invalid collection name or record id"
    }
  }

  private var hint: String? {
    switch self {
    case .network(let error): error.userFacingError.hints.first
    case .unauthorized: "find out why: lockwise-sync doctor; or sign in again: lockwise-sync login"
    case .unusableCredentials: "sign in again: lockwise-sync login"
    case .endpointChanged, .preconditionFailed, .conflict: "run the command again"
    case .backingOff, .busy, .serverTrouble: "try again later; the vault stays usable"
    case .notFound: "check the server's address: lockwise-sync status"
    case .overQuota: "delete data in Firefox"
    case .upgradeRequired: "update lockwise"
    case .decommissioned: "ask the operators of the server"
    case .redirected, .unexpectedResponse: "check for a proxy or a sign-in page between this machine and the server"
    case .tooLarge, .forbidden, .badRequest, .unexpectedStatus, .invalidName: nil
    }
  }

  private var exitCode: ExitCode {
    switch self {
    case .network(let error): error.userFacingError.exitCode
    case .unauthorized, .unusableCredentials: .refused
    case .endpointChanged, .backingOff, .busy, .preconditionFailed, .conflict: .busy
    case .overQuota, .decommissioned, .upgradeRequired: .serverState
    case .serverTrouble, .notFound, .tooLarge, .forbidden, .badRequest, .redirected, .unexpectedStatus,
      .unexpectedResponse,
      .invalidName:
      .unreachable
    }
  }
}
