import LockwiseCore

/// A response of the accounts server, with the parts that all of them share.
struct AccountsResponse {
  /// The server that responds, which determines the table of error numbers.
  enum Host {
    /// The auth server.
    case auth
    /// The OAuth host's own routes, also where both have one address.
    case oauth
    /// The profile server, whose numbers are ignored.
    case profile
  }

  let status: Int
  /// The body, if it is a JSON object.
  let object: JSONObject?
  /// The body, if it is a JSON array.
  let array: [JSONValue]?
  private let host: Host
  private let retryAfterHeader: Seconds?
  private let location: String?

  init(_ response: HTTPResponse, from host: Host = .auth) {
    status = response.status
    self.host = host
    let body = try? JSONValue(parsing: response.body)
    object = body?.object
    array = body?.array
    retryAfterHeader = RetryAfter.seconds(response)
    location = response.header("location")
  }

  /// The number for the error, in the auth server's table; `nil` if this is not one of its errors.
  var errno: Int? {
    guard let number = rawErrno else { return nil }
    return switch host {
    case .auth: number
    case .oauth: OAuthErrno.translated(number)
    case .profile: nil
    }
  }

  private var rawErrno: Int? {
    guard !isSuccess else { return nil }
    return object?["errno"]?.wholeNumber.flatMap { Int(exactly: $0) }
  }

  var isSuccess: Bool { (200..<300).contains(status) }

  /// Whether the server does not have the route.
  var isMissingRoute: Bool { [404, 405, 410, 501].contains(status) }

  /// The body of a success.
  ///
  /// - Throws: the error that the response is.
  func success() throws(AccountsError) -> JSONObject {
    guard isSuccess else { throw error }
    guard let object else { throw .unexpectedResponse(status: status) }
    return object
  }

  /// Converts a response without success to an error.
  var error: AccountsError {
    if (300..<400).contains(status) { return .redirected(to: location.flatMap { try? WebAddress($0).origin }) }
    guard let object else {
      return switch status {
      case 403, 406, 429, 500...599: .edge(status: status, retryAfter: retryAfterHeader)
      default: .unexpectedResponse(status: status)
      }
    }
    guard let errno else {
      return status == 429
        ? .edge(status: status, retryAfter: retryAfterHeader) : .unexpectedResponse(status: status)
    }
    return .refused(
      AccountsRefusal(
        errno: errno, status: status, retryAfter: wait(object, errno),
        offersUnblockCode: object["verificationMethod"]?.string == "email-captcha",
        refusesGrantType: refusesGrantType(object)))
  }

  private func wait(_ object: JSONObject, _ errno: Int) -> Seconds? {
    // Sent with Retry-After, although waiting does not enable the client.
    if errno == AccountsErrno.clientDisabled.rawValue { return nil }
    return retryAfterHeader ?? RetryAfter.seconds(body: object["retryAfter"]?.wholeNumber, errno: errno)
      // The server's own default (fxa-auth-server, "serviceUnavailable").
      ?? (errno == AccountsErrno.unavailable.rawValue ? 30 : nil)
  }

  private func refusesGrantType(_ object: JSONObject) -> Bool {
    if host == .oauth, rawErrno == OAuthErrno.grantType { return true }
    return errno == AccountsErrno.invalidParameter.rawValue && object["validation"]?.names("grant_type") == true
  }
}

extension JSONValue {
  /// Whether a text, an element or a member, at any depth, is called `name`.
  fileprivate func names(_ name: String) -> Bool {
    if let array { return array.contains { $0.names(name) } }
    if let object { return object.members.contains { $0.name == name || $0.value.names(name) } }
    return string == name
  }
}

extension JSONObject {
  /// A required string member that is not empty.
  func text(_ name: String, in answer: AccountsError.Response) throws(AccountsError) -> SecretBytes {
    guard let value = self[name]?.secret, !value.isEmpty else { throw .missingField(name, in: answer) }
    return value
  }

  /// A required string member that a header field can hold: printable ASCII without spaces.
  func token(_ name: String, in answer: AccountsError.Response) throws(AccountsError) -> SecretBytes {
    let value = try text(name, in: answer)
    guard value.withUnsafeBytes({ $0.allSatisfy { (0x21...0x7E).contains($0) } }) else {
      throw .missingField(name, in: answer)
    }
    return value
  }

  /// A string member of `count` hexadecimal digits, required.
  func hex(_ name: String, count: Int, in answer: AccountsError.Response) throws(AccountsError) -> SecretBytes {
    guard let value = self[name]?.secret, value.count == count, Hex.decode(value) != nil else {
      throw .missingField(name, in: answer)
    }
    return value
  }
}
