import LockwiseCore

/// One answer of the accounts server, read as far as every answer is read alike.
struct AccountsAnswer {
  let status: Int
  /// The body, if it is a JSON object.
  let object: JSONObject?
  /// The body, if it is a JSON array.
  let array: [JSONValue]?
  private let retryAfterHeader: Int64?

  init(_ response: HTTPResponse) {
    status = response.status
    let body = try? JSONValue(parsing: response.body)
    object = body?.object
    array = body?.array
    retryAfterHeader = RetryAfter.seconds(response)
  }

  /// The server's number for the error; `nil` if this is none of its errors.
  var errno: Int? {
    guard !isSuccess else { return nil }
    return object?["errno"]?.integer.flatMap { Int(exactly: $0) }
  }

  var isSuccess: Bool { (200..<300).contains(status) }

  /// The body of a success.
  ///
  /// - Throws: the error that the answer is.
  func success() throws(AccountsError) -> JSONObject {
    guard isSuccess else { throw error }
    guard let object else { throw .unexpectedAnswer(status: status) }
    return object
  }

  /// The error that an answer without success is.
  var error: AccountsError {
    guard let object else {
      return switch status {
      case 403, 406, 429, 500...599: .edge(status: status, retryAfter: retryAfterHeader)
      default: .unexpectedAnswer(status: status)
      }
    }
    guard let errno else {
      return status == 429
        ? .edge(status: status, retryAfter: retryAfterHeader) : .unexpectedAnswer(status: status)
    }
    let wait =
      retryAfterHeader ?? RetryAfter.seconds(body: object["retryAfter"]?.integer, errno: errno)
      // The server's own default (fxa-auth-server, "serviceUnavailable").
      ?? (errno == AccountsErrno.unavailable.rawValue ? 30 : nil)
    return .refused(
      AccountsRefusal(
        errno: errno, status: status, retryAfter: wait,
        offersUnblockCode: object["verificationMethod"]?.string == "email-captcha"))
  }
}

extension JSONObject {
  /// A string member that must be there and not empty.
  func text(_ name: String, in answer: AccountsError.Answer) throws(AccountsError) -> SecretBytes {
    guard let value = self[name]?.secret, !value.isEmpty else { throw .missingField(name, in: answer) }
    return value
  }

  /// A string member that must be there and can stand in a header field: printable ASCII without space.
  func token(_ name: String, in answer: AccountsError.Answer) throws(AccountsError) -> SecretBytes {
    let value = try text(name, in: answer)
    guard value.withUnsafeBytes({ $0.allSatisfy { (0x21...0x7E).contains($0) } }) else {
      throw .missingField(name, in: answer)
    }
    return value
  }

  /// A string member of `count` hexadecimal digits that must be there.
  func hex(_ name: String, count: Int, in answer: AccountsError.Answer) throws(AccountsError) -> SecretBytes {
    guard let value = self[name]?.secret, value.count == count, Hex.decode(value) != nil else {
      throw .missingField(name, in: answer)
    }
    return value
  }
}
