import LockwiseCore

/// Assertions for the token server (BrowserID specification, "Backed Identity Assertion"): each is signed by a key of
/// this run, for which the accounts server gave a certificate to the session.
final class BrowserIDAssertions: TokenServerProofs {
  /// For how long a certificate is asked, milliseconds. The server allows a day; a run takes minutes.
  static let certificateDuration: Int64 = 6 * 3_600_000
  /// For how long an assertion is good, milliseconds.
  static let assertionDuration: Int64 = 5 * 60_000

  private struct Certified {
    let key: BrowserIDKey
    let certificate: SecretBytes
  }

  private let account: SignedInAccount
  private let session: AccountToken
  private let kind: BrowserIDKeyKind
  private let client: AccountsClient
  private let clock: WallClock
  private var certified: Certified?
  /// The token server's time minus this machine's, milliseconds.
  private var clockOffset: Int64 = 0

  /// Makes none yet.
  ///
  /// - Parameters:
  ///   - account: who is signed in.
  ///   - session: the account's session.
  ///   - kind: the kind of the key.
  ///   - transport: sends the requests.
  ///   - clock: tells when assertions expire.
  init(
    account: SignedInAccount, session: AccountToken, kind: BrowserIDKeyKind, transport: any HTTPTransport,
    clock: WallClock
  ) {
    self.account = account
    self.session = session
    self.kind = kind
    self.clock = clock
    client = AccountsClient(servers: account.servers, transport: transport)
  }

  /// A fresh assertion with the account's client state.
  ///
  /// - Throws: `SignInRequired` if the session is not valid any more; `AccountsError.noCertificates`, `AccountsError`,
  ///   `HTTPError`, `CryptoError`.
  func current() throws -> TokenServerProof {
    let certified = try certified ?? certify()
    self.certified = certified
    let origin = try WebAddress(account.servers.tokenServer).origin
    var payload = JSONObjectWriter()
    payload.member("aud", origin)
    payload.member("iss", try WebAddress(account.servers.authServer).origin)
    payload.member("exp", clock.now() + clockOffset + Self.assertionDuration)
    let assertion = try certified.key.token(payload.finish())
    return .assertion(
      SecretBytes.concatenating([certified.certificate, SecretBytes(utf8: "~"), assertion]),
      clientState: account.syncKey.clientState)
  }

  /// Takes the server's clock if that was the trouble, else gives up key and certificate.
  func renew(after error: TokenServerError) {
    if case .invalidTimestamp(let offset?) = error {
      clockOffset = offset
    } else {
      certified = nil
    }
  }

  private func certify() throws -> Certified {
    let key = try BrowserIDKey(kind)
    do {
      let certificate = try client.signCertificate(
        session, publicKey: key.publicKey(), duration: Self.certificateDuration)
      return Certified(key: key, certificate: certificate)
    } catch let error as AccountsError where error.errno == AccountsErrno.invalidToken.rawValue {
      throw SignInRequired.revoked(errno: error.errno)
    }
  }
}
