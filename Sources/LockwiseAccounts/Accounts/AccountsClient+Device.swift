import LockwiseCore

/// The routes of device records. Each accepts a session or a refresh token, and creates or finds the record of it.
extension AccountsClient {
  /// Creates the device record of a session or refresh token (POST /account/device), or renames the existing one.
  ///
  /// - Parameters:
  ///   - name: 1 to 255 characters, none of them a control character.
  ///   - authorization: the value of the `Authorization` header field.
  /// - Returns: the record's id, 32 hexadecimal digits.
  /// - Throws: `AccountsError`, `HTTPError`.
  func registerDevice(name: String, authorization: SecretBytes) throws -> String {
    var answer = try postDevice(id: nil, name: name, authorization)
    if answer.errno == AccountsErrno.deviceConflict.rawValue, let id = answer.object?["deviceId"]?.string {
      answer = try postDevice(id: id, name: name, authorization)
    }
    let object = try answer.success()
    guard let id = try object.hex("id", count: 32, in: .device).exposedText() else {
      throw AccountsError.missingField("id", in: .device)
    }
    return id.lowercased()
  }

  private func postDevice(id: String?, name: String, _ authorization: SecretBytes) throws -> AccountsResponse {
    var body = JSONObjectWriter()
    if let id { body.member("id", id) }
    body.member("name", name)
    body.member("type", "desktop")
    return try post("/account/device", body: body.finish(), authorization: authorization, once: true)
  }

  /// Lists the account's devices (GET /account/devices).
  ///
  /// - Throws: `AccountsError`, `HTTPError`.
  func devices(authorization: SecretBytes) throws -> [AccountDevice] {
    let answer = try get("/account/devices", authorization: authorization)
    guard answer.isSuccess else { throw answer.error }
    guard let elements = answer.array else { throw AccountsError.unexpectedResponse(status: answer.status) }
    return try elements.map { element in
      guard let object = element.object else { throw AccountsError.unexpectedResponse(status: answer.status) }
      return try AccountDevice(object)
    }
  }

  /// Deletes a device record, and the session or refresh token with it (POST /account/device/destroy). One that is
  /// gone already, or whose token is, is fine.
  ///
  /// - Throws: `AccountsError`, `HTTPError`.
  func destroyDevice(id: String, authorization: SecretBytes) throws {
    var body = JSONObjectWriter()
    body.member("id", id)
    let answer = try post("/account/device/destroy", body: body.finish(), authorization: authorization)
    let gone = [AccountsErrno.invalidToken.rawValue, AccountsErrno.unknownDevice.rawValue]
    guard answer.isSuccess || answer.errno.map({ gone.contains($0) }) == true else { throw answer.error }
  }
}
