import Foundation

/// The account and Sync.
extension FirefoxProcess {
  /// The result of a sync, in Firefox's words.
  struct SyncOutcome: Equatable, CustomStringConvertible {
    var login: String
    var sync: String
    var service: String
    /// The engines that failed, with the reasons.
    var engines: [String: String] = [:]

    static let success = SyncOutcome(
      login: "success.login", sync: "success.sync", service: "success.status_ok")

    var description: String { "\(login), \(sync), \(service) \(engines)" }
  }

  private static let modules = """
    const { FxAccountsConfig } = ChromeUtils.importESModule("resource://gre/modules/FxAccountsConfig.sys.mjs");
    const { getFxAccountsSingleton } = ChromeUtils.importESModule("resource://gre/modules/FxAccounts.sys.mjs");
    const { Weave } = ChromeUtils.importESModule("resource://services-sync/main.sys.mjs");
    const fxa = getFxAccountsSingleton();
    """

  /// Runs a privileged script with `fxa`, `FxAccountsConfig` and `Weave`.
  @discardableResult
  func executeBrowserScript(_ body: String, _ arguments: [Any] = []) throws -> Any? {
    try executeAsyncScript(Self.modules + body, arguments, in: .chrome)
  }

  /// Signs this Firefox in on its server's page, as a user does, and switches Sync on. The page sends session, code and
  /// state over the web channel, and Firefox fetches its Sync key with OAuth. Afterwards the profile has neither the
  /// password nor kB.
  func signIn(email: String = SandboxProcess.email, password: String = SandboxProcess.password) throws {
    let page = try executeBrowserScript(
      """
      await Weave.Service.promiseInitialized;
      return await FxAccountsConfig.promiseConnectAccountURI("preferences");
      """)
    try navigate(to: page as? String ?? "")
    try type(email, into: "input[name=email]")
    try type(password, into: "input[name=password]")
    try click("#submit")
    var outcome = ""
    let isDone = try Deadline(seconds: 60).await {
      outcome = try executeScript("return document.getElementById('outcome')?.textContent ?? ''") as? String ?? ""
      return outcome.count > 1
    }
    guard isDone, outcome == "Firefox is signed in." else {
      throw Marionette.Failure(description: "Firefox is not signed in: \(outcome) \(try pageText())")
    }
    try awaitSavedKey()
  }

  /// Waits until the Sync key is in the file of logins, which Firefox writes shortly after each change.
  private func awaitSavedKey() throws {
    let isSaved = Deadline(seconds: 30).await {
      let file = FileManager.default.contents(atPath: profile + "/logins.json") ?? Data()
      return file.range(of: Data("chrome://FirefoxAccounts".utf8)) != nil
    }
    if !isSaved { throw TimedOut(description: "Firefox does not save the Sync key") }
  }

  /// Makes Firefox sync only when a test requests it. Otherwise it syncs a tenth of a second after each change.
  func holdAutomaticSync() throws {
    try executeBrowserScript(
      """
      await Weave.Service.promiseInitialized;
      Weave.Service.scheduler.calculateScore = () => {};
      Weave.Service.scheduler.scheduleNextSync = () => {};
      """)
  }

  /// Syncs and waits for the end.
  ///
  /// - Throws: `Marionette.Failure` if Firefox does not report a success.
  func sync() throws {
    let outcome = try syncOutcome()
    guard outcome == .success else { throw Marionette.Failure(description: "Sync ended with \(outcome)") }
  }

  /// Syncs and waits for the end, whatever the result.
  func syncOutcome() throws -> SyncOutcome {
    let status =
      try executeBrowserScript(
        """
        await Weave.Service.promiseInitialized;
        // A sync that Firefox started itself must end first.
        while (Weave.Service.locked) await new Promise(resolve => ChromeUtils.idleDispatch(resolve));
        await Weave.Service.sync({ why: "user" });
        const { login, sync, service, engines } = Weave.Status;
        const failed = Object.entries(engines).filter(([_, reason]) => reason != "success.engine");
        return { login, sync, service, engines: Object.fromEntries(failed) };
        """) as? [String: Any]
    return SyncOutcome(
      login: status?["login"] as? String ?? "", sync: status?["sync"] as? String ?? "",
      service: status?["service"] as? String ?? "", engines: status?["engines"] as? [String: String] ?? [:])
  }

  /// Disconnects from the account like the button in the settings.
  ///
  /// - Parameter wiping: whether all synced data is deleted, as in a new profile.
  func signOut(wiping: Bool = false) throws {
    try executeBrowserScript(
      """
      const { SyncDisconnect } = ChromeUtils.importESModule("resource://services-sync/SyncDisconnect.sys.mjs");
      await Weave.Service.promiseInitialized;
      await SyncDisconnect.disconnect(false);
      if (!args[0]) return;
      for (const engine of Weave.Service.engineManager.getAll()) await engine.wipeClient();
      for (const name of Services.prefs.getChildList("identity.fxaccounts.lastSignedIn")) {
        Services.prefs.clearUserPref(name);
      }
      """, [wiping])
  }

  /// The engines that are switched on.
  func enabledEngines() throws -> Set<String> {
    let names = try executeBrowserScript(
      "return Weave.Service.engineManager.getEnabled().map(engine => engine.name).concat('clients')")
    return Set(names as? [String] ?? [])
  }

  /// Switches an engine on or off like the settings.
  func setEngine(_ name: String, isOn: Bool) throws {
    try executeBrowserScript(
      """
      const [name, isOn] = args;
      Services.prefs.setBoolPref(`services.sync.engine.${name}`, isOn);
      """, [name, isOn])
  }

  /// Sets or changes the primary password; "" removes it.
  func setPrimaryPassword(from old: String = "", to new: String) throws {
    try executeScript(
      """
      Cc["@mozilla.org/security/internalkeytoken;1"].createInstance(Ci.nsIPKCS11Token)
        .changePassword(arguments[0], arguments[1]);
      """, [old, new], in: .chrome)
  }
}
