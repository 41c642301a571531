import Glibc
import LockwiseAccounts
import LockwiseCLI
import LockwiseCore
import LockwiseSync

/// The response of the storage server to one small request, or the reason why none was sent.
struct StorageState {
  enum Kind: String {
    case reachable
    /// It asked the client to back off; no request is sent before the end.
    case backingOff = "backing-off"
    /// It does not accept the credentials.
    case refused
    /// There was no response, or not one of a storage server.
    case unreachable
    case notChecked = "not-checked"
  }

  let kind: Kind
  /// The text to show.
  let text: String
  let hint: String?
  /// The end of the back-off time.
  let until: Milliseconds?

  private init(_ kind: Kind, _ text: String, _ hint: String? = nil, until: Milliseconds? = nil) {
    (self.kind, self.text, self.hint, self.until) = (kind, text, hint, until)
  }

  /// A server that was not checked.
  static func notChecked(_ why: String) -> StorageState { StorageState(.notChecked, "not checked: \(why)") }

  /// Sends a request with the credentials in the vault. Changes nothing in the vault.
  ///
  /// - Parameters:
  ///   - vault: the unlocked vault.
  ///   - isTokenNew: whether they are new: a server that refuses new ones does not see the signed address.
  /// - Throws: `VaultError`.
  init(of vault: Vault, isTokenNew: Bool, _ context: SyncContext) throws {
    let now = context.clock.now()
    if let pause = try Self.pause(Backoff(documents: vault), now) {
      self = pause
      return
    }
    guard let credentials = try CachedCredentials(of: vault, now: now) else {
      self = .notChecked("there is no storage token yet; the next pull requests one")
      return
    }
    let environment = StorageEnvironment(
      transport: context.transport, random: SystemRandom(), now: context.clock.now,
      sleep: { usleep(UInt32(clamping: $0.rawValue * 1000)) })
    let client = StorageClient(
      environment: environment, credentials: credentials, documents: UnchangedDocuments(documents: vault))
    let endpoint = try credentials.credentials().endpoint
    do {
      _ = try client.collectionTimes()
      self =
        try Self.pause(client.backoff, context.clock.now())
        ?? StorageState(.reachable, "\(Self.server(endpoint)) is reachable")
    } catch StorageError.unauthorized {
      self = isTokenNew ? Self.refusedNewToken(endpoint) : Self.refusedOldToken(endpoint, credentials)
    } catch let error as StorageError {
      let shown = error.userFacingError
      self =
        try Self.pause(client.backoff, context.clock.now())
        ?? StorageState(.unreachable, shown.message, shown.hints.first)
    }
  }

  private static func pause(_ backoff: Backoff, _ now: Milliseconds) throws -> StorageState? {
    let remaining = try backoff.remaining(at: now)
    guard remaining > 0 else { return nil }
    return StorageState(
      .backingOff,
      "backing off until \(Seconds(now + remaining + 999).localTimeOfDay(now: Seconds(now))), as the server asked",
      "changes are kept in the vault and uploaded after that", until: now + remaining)
  }

  /// A Hawk signature covers host, port and path as the client sees them.
  private static func refusedNewToken(_ endpoint: String) -> StorageState {
    let address = try? WebAddress(endpoint)
    let parts = address.map { "host \($0.host), port \($0.port), path \($0.target)" } ?? "host, port and path"
    return StorageState(
      .refused, "\(server(endpoint)) refuses a new token",
      "if it is behind a proxy, make the proxy pass on \(parts) unchanged, and the server use that address")
  }

  private static func refusedOldToken(_ endpoint: String, _ credentials: CachedCredentials) -> StorageState {
    guard credentials.isFresh else {
      return .notChecked("the storage token has expired; the next pull requests another")
    }
    return StorageState(
      .refused, "\(server(endpoint)) refuses the storage token",
      "the next pull requests another; check whether that works: lockwise-sync doctor")
  }

  private static func server(_ endpoint: String) -> String { (try? WebAddress(endpoint))?.origin ?? endpoint }

  /// For `status --json`.
  var json: SecretBytes {
    var writer = JSONObjectWriter()
    writer.member("state", kind.rawValue)
    writer.member("text", text)
    if let until { writer.member("until", until.rawValue) } else { writer.memberNull("until") }
    return writer.finish()
  }

  /// For `doctor`.
  var finding: Finding {
    switch kind {
    case .reachable: .ok("storage", text)
    case .notChecked: .warn("storage", text, hint)
    case .backingOff: .warn("storage", text, hint)
    case .refused, .unreachable: .fail("storage", text, hint)
    }
  }
}
