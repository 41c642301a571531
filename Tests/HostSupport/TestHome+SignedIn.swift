import Foundation
import LockwiseCLI
import LockwiseCore
import LockwiseTestSupport
import Testing

extension TestHome {
  /// Checks the data that a sign-in leaves, or that a refused one leaves none.
  ///
  /// On the server: no session except earlier ones, no key-fetch token, one refresh token with exactly one scope, and
  /// its device. In the state directory: no password, no kB, and no session in the account's document.
  ///
  /// - Parameters:
  ///   - sessions: the number of sessions that are not ours (Firefox's own).
  ///   - scopes: the scopes of the refresh token next to Sync.
  func expectLeft(
    isSignedIn: Bool, sessions: Int = 0, scopes: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let left = try sandbox.tokensLeft()
    #expect(
      left == TokensLeft(sessions: sessions, refreshTokens: isSignedIn ? 1 : 0), sourceLocation: sourceLocation)
    #expect(scratch.hasVault == isSignedIn, sourceLocation: sourceLocation)
    guard isSignedIn else {
      #expect(scratch.vaultFiles.isEmpty, sourceLocation: sourceLocation)
      return
    }
    let accounts = try sandbox.snapshot()["accounts"] as? [[String: Any]] ?? []
    let token = (accounts.first?["refreshTokens"] as? [[String: Any]])?.first
    #expect(
      token?["scope"] as? [String] == ["https://identity.mozilla.com/apps/oldsync"] + scopes,
      sourceLocation: sourceLocation)
    let devices = (accounts.first?["devices"] as? [[String: Any]] ?? []).filter { $0["sessionId"] as? String == nil }
    #expect(devices.count == 1, "\(devices)", sourceLocation: sourceLocation)
    #expect(devices.first?["refreshTokenId"] as? String == token?["id"] as? String, sourceLocation: sourceLocation)
    try expectNothingOfTheAccount(sourceLocation)
  }

  private func expectNothingOfTheAccount(_ sourceLocation: SourceLocation) throws {
    var search = SecretSearch()
    search.add(SandboxProcess.password, "the password")
    let text = try Data(contentsOf: TestVectors.fixtures.appendingPathComponent("firefox-esr-153/account.json"))
    let kB = try #require((JSONSerialization.jsonObject(with: text) as? [String: Any])?["kB"] as? String)
    search.add(Data(try #require(Hex.decode(kB))), "kB")
    for (name, content) in try scratch.readVault() {
      #expect(search.found(in: content) == [], "\(name)", sourceLocation: sourceLocation)
    }
    guard access(scratch.keyFile, R_OK) == 0 else { return }
    // Sealed documents must not contain them either.
    let file = try VaultFile(in: VaultDirectory(path: scratch.vault), access: .reading)
    let vault = try file.unlock(#require(file.slots().first), with: Unlocker.readKeyFile(scratch.keyFile))
    for name in try vault.documentNames() {
      guard let document = try vault.document(name) else { continue }
      #expect(search.found(in: document.withUnsafeBytes { Data($0) }) == [], "\(name)", sourceLocation: sourceLocation)
      #expect(!(document.exposedText() ?? "").contains("session"), "\(name)", sourceLocation: sourceLocation)
    }
  }
}
