import LockwiseCore

/// The route of BrowserID, which Mozilla's own servers removed in May 2024.
extension AccountsClient {
  /// Requests a certificate for a public key (POST /certificate/sign).
  ///
  /// - Parameters:
  ///   - session: a verified session.
  ///   - publicKey: the key as a JSON object.
  ///   - duration: the lifetime, at most a day.
  /// - Returns: the certificate, a signed token.
  /// - Throws: `AccountsError.noCertificates` if the server does not support it; `AccountsError`, errno 110 if the
  ///   session is gone; `HTTPError`.
  func signCertificate(
    _ session: AccountToken, publicKey: SecretBytes, duration: Milliseconds
  ) throws -> SecretBytes {
    var body = JSONObjectWriter()
    body.member("publicKey", json: publicKey)
    body.member("duration", duration.rawValue)
    let answer = try post("/certificate/sign", body: body.finish(), authorization: session.authorization)
    if !answer.isSuccess, answer.status == 404 || answer.errno == AccountsErrno.gone.rawValue {
      throw AccountsError.noCertificates
    }
    guard let certificate = try answer.success()["cert"]?.secret, Self.isToken(certificate) else {
      throw AccountsError.missingField("cert", in: .certificate)
    }
    return certificate
  }

  /// Whether a text is three parts in the alphabet of base64url, and short enough for a header field.
  static func isToken(_ text: SecretBytes) -> Bool {
    guard text.count <= 6144 else { return false }
    return text.withUnsafeBytes { bytes in
      let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      return parts.count == 3
        && parts.allSatisfy { part in
          !part.isEmpty
            && part.allSatisfy {
              0x30...0x39 ~= $0 || 0x41...0x5A ~= $0 || 0x61...0x7A ~= $0 || $0 == 0x2D || $0 == 0x5F
            }
        }
    }
  }
}
