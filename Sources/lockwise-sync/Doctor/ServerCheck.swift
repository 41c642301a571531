import LockwiseAccounts
import LockwiseCLI
import LockwiseCore
import LockwiseSync

/// Checks the servers, their clocks, and whether they still accept the sign-in.
struct ServerCheck {
  /// The tolerated difference of the clocks: tokens last for minutes, and logs get confusing.
  private static let tolerance: Seconds = 60

  private(set) var findings: [Finding] = []

  /// - Parameter vault: the vault, which names the account; `nil` if it is locked or missing.
  init(vault: Vault?, _ context: SyncContext) {
    let source: VaultSource?
    do {
      source = try vault.map { try context.source(of: $0) }
    } catch {
      findings.append(.fail("account", error))
      return
    }
    if case .profile = source { return }
    var account: SignedInAccount?
    if case .account(let known) = source { account = known }
    // A locked vault does not reveal the account; the file next to it names the server.
    let known = account?.servers.contentRoot
    guard let contentRoot = known ?? ServerAddressFile.read(in: context.directory) else { return }
    let isReached = checkReach(contentRoot, context)
    guard let vault, let account else { return }
    guard isReached else {
      findings.append(.warn("account", "\(account.name), not checked", nil))
      return
    }
    checkDevice(account, context)
    checkTokenServer(account, vault, context)
  }

  private mutating func checkReach(_ contentRoot: String, _ context: SyncContext) -> Bool {
    let state = AccountsServerState(contentRoot, context.transport)
    if let problem = state.problem {
      findings.append(
        problem.isFailure
          ? .fail("server", problem.text, problem.hint) : .warn("server", problem.text, problem.hint))
    } else {
      findings.append(.ok("server", "\(contentRoot) is reachable"))
    }
    if let time = state.time { checkClock(time - context.clock.now()) }
    return state.problem?.isFailure != true
  }

  private mutating func checkClock(_ offset: Milliseconds) {
    let difference = Seconds(offset.magnitude)
    if difference <= Self.tolerance {
      findings.append(.ok("clock", "matches the server's clock"))
    } else {
      findings.append(
        .warn(
          "clock", "\(Quantity.duration(difference)) \(offset < 0 ? "ahead of" : "behind") the server's",
          "set this machine's clock if it is wrong; Sync works anyway"))
    }
  }

  private mutating func checkDevice(_ account: SignedInAccount, _ context: SyncContext) {
    let who = account.name
    do {
      let devices = try AccountDevices(transport: context.transport).list(of: account)
      if let own = devices.first(where: \.isCurrent) {
        findings.append(.ok("account", "\(who), as the device \"\(own.name)\""))
      } else {
        findings.append(
          .warn("account", "\(who), not registered as a device", "sign in again to register it: lockwise-sync login"))
      }
    } catch {
      findings.append(.fail("account", error))
    }
  }

  private mutating func checkTokenServer(_ account: SignedInAccount, _ vault: Vault, _ context: SyncContext) {
    do {
      _ = try StorageCredentialsProvider(account: account, documents: vault, transport: context.transport)
        .replaceAfterUnauthorized()
      findings.append(.ok("token server", "\(account.servers.tokenServer) accepts the sign-in"))
    } catch {
      findings.append(.fail("token server", error))
      return
    }
    do {
      findings.append(try StorageState(of: vault, isTokenNew: true, context).finding)
    } catch {
      findings.append(.fail("storage", error))
    }
  }
}
