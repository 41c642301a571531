/// What kind of trouble an error is, for whoever has to choose an exit status or decide whether to try again.
public enum ExitCategory: String, CaseIterable, Sendable {
  /// No answer: no network, no such host, no valid certificate, too slow.
  case network
  /// The server does not take our credentials or our Sync key: someone has to sign in again.
  case authentication
  /// What the account has on the server is in a state that this client does not touch.
  case serverState
  /// The server asked to be left alone, or others keep changing the same data: later it may work.
  case busy
  /// The server, or something in between, answered with what is no proper answer.
  case server
  /// We were told to stop.
  case interrupted
}

/// An error that can be shown as it is: one short lower-case phrase, advice, and a category. None of them holds
/// a key, a password, a token or anything else out of a request, a record or the body of an answer.
public protocol ExplainedError: Error, CustomStringConvertible {
  /// What the person can do about it, one sentence; `nil` if nothing.
  var hint: String? { get }
  /// What kind of trouble it is.
  var exit: ExitCategory { get }
}
