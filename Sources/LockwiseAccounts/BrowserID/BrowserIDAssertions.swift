import LockwiseCore

/// Assertions for the token server (BrowserID specification, "Backed Identity Assertion"): each is signed with a key of
/// this run that the accounts server certified for the session.
final class BrowserIDAssertions: TokenServerProofs {
  /// The requested lifetime of a certificate. The server allows a day; a run takes minutes.
  static let certificateDuration: Milliseconds = 21_600_000
  /// The lifetime of an assertion.
  static let assertionDuration: Milliseconds = 300_000

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
  /// The token server's time minus this machine's.
  private var clockOffset: Milliseconds = 0

  /// Creates a source of assertions; signs none yet.
  ///
  /// - Parameters:
  ///   - account: the signed-in account.
  ///   - session: the account's session.
  ///   - kind: the kind of the key.
  ///   - transport: the transport for requests.
  ///   - clock: the clock by which assertions expire.
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

  /// Returns a new assertion with the account's client state.
  ///
  /// - Throws: `SignInRequired` if the session is no longer valid; `AccountsError.noCertificates`, `AccountsError`,
  ///   `HTTPError`, `CryptoError`.
  func current() throws -> TokenServerProof {
    let certified = try certified ?? certify()
    self.certified = certified
    let origin = try WebAddress(account.servers.tokenServer).origin
    var payload = JSONObjectWriter()
    payload.member("aud", origin)
    payload.member("iss", try WebAddress(account.servers.authServer).origin)
    payload.member("exp", (clock.now() + clockOffset + Self.assertionDuration).rawValue)
    let assertion = try certified.key.token(payload.finish())
    return .assertion(
      SecretBytes.concatenating([certified.certificate, SecretBytes(utf8: "~"), assertion]),
      clientState: account.syncKey.clientState)
  }

  /// Adopts the server's clock if the clock was the problem, else drops the key and the certificate.
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
