import Foundation

/// The account, Sync and the saved logins.
extension FirefoxProcess {
  /// A login as Firefox holds it.
  struct SavedLogin: Equatable {
    var origin: String
    var realm: String?
    var username: String
    var password: String
  }

  private static let modules = """
    const { FxAccountsConfig } = ChromeUtils.importESModule("resource://gre/modules/FxAccountsConfig.sys.mjs");
    const { getFxAccountsSingleton } = ChromeUtils.importESModule("resource://gre/modules/FxAccounts.sys.mjs");
    const { Weave } = ChromeUtils.importESModule("resource://services-sync/main.sys.mjs");
    const fxa = getFxAccountsSingleton();
    const scope = "https://identity.mozilla.com/apps/oldsync";
    """

  /// Runs a script of the browser's own with `fxa`, `Weave` and `scope` at hand.
  @discardableResult
  func executeBrowserScript(_ body: String, _ arguments: [Any] = []) throws -> Any? {
    try executeAsyncScript(Self.modules + body, arguments, in: .chrome)
  }

  /// Signs this Firefox in to its server by its own code for passwords, and switches Sync on. The session token is in
  /// the profile afterwards, the Sync key in the store of logins, and neither password nor kB anywhere: the same as
  /// after a sign-in by the web page.
  func signIn(email: String = SandboxProcess.email, password: String = SandboxProcess.password) throws {
    try executeBrowserScript(
      """
      const [email, password] = args;
      await FxAccountsConfig.updateConfigURLs();
      const session = await fxa._internal.fxAccountsClient.signIn(email, password, true);
      const { uid, sessionToken, keyFetchToken, unwrapBKey } = session;
      await fxa._internal.setSignedInUser(
        { email: session.email, uid, sessionToken, keyFetchToken, unwrapBKey, verified: true });
      await fxa.keys.getKeyForScope(scope);
      await Weave.Service.promiseInitialized;
      await Weave.Service.configure();
      await fxa._internal.setUserVerified();
      """, [email, password])
    try awaitSavedKey()
  }

  /// Waits until the Sync key is in the file of logins, which Firefox writes a moment after each change.
  private func awaitSavedKey() throws {
    let isSaved = Deadline(seconds: 30).await {
      let file = FileManager.default.contents(atPath: profile + "/logins.json") ?? Data()
      return file.range(of: Data("chrome://FirefoxAccounts".utf8)) != nil
    }
    if !isSaved { throw TimeIsOver(description: "Firefox does not save the Sync key") }
  }

  /// Syncs and waits for the end.
  ///
  /// - Throws: `Marionette.Failure` if Firefox calls the result anything but a success.
  func sync() throws {
    let status = try executeBrowserScript(
      """
      await Weave.Service.promiseInitialized;
      // One that Firefox began by itself has to end first.
      while (Weave.Service.locked) await new Promise(resolve => ChromeUtils.idleDispatch(resolve));
      await Weave.Service.sync({ why: "user" });
      return [Weave.Status.login, Weave.Status.sync, Weave.Status.service];
      """)
    guard status as? [String] == ["success.login", "success.sync", "success.status_ok"] else {
      throw Marionette.Failure(description: "Sync ended with \(status ?? "nothing")")
    }
  }

  /// Saves a login, as after a sign-in by HTTP authentication.
  func addLogin(_ login: SavedLogin) throws {
    try executeBrowserScript(
      """
      const [origin, realm, username, password] = args;
      const login = Cc["@mozilla.org/login-manager/loginInfo;1"].createInstance(Ci.nsILoginInfo);
      login.init(origin, realm === null ? origin : null, realm, username, password, "", "");
      await Services.logins.addLoginAsync(login);
      """, [login.origin, login.realm ?? NSNull(), login.username, login.password])
  }

  /// All saved logins, without Firefox's own.
  func logins() throws -> [SavedLogin] {
    let list = try executeBrowserScript(
      """
      return (await Services.logins.getAllLogins())
        .filter(login => login.origin != "chrome://FirefoxAccounts")
        .map(login => [login.origin, login.httpRealm, login.username, login.password]);
      """)
    return (list as? [[Any]] ?? []).map { fields in
      SavedLogin(
        origin: fields[0] as? String ?? "", realm: fields[1] as? String, username: fields[2] as? String ?? "",
        password: fields[3] as? String ?? "")
    }
  }

  /// Sets or changes the primary password; "" stands for none.
  func setPrimaryPassword(from old: String = "", to new: String) throws {
    try executeScript(
      """
      Cc["@mozilla.org/security/internalkeytoken;1"].createInstance(Ci.nsIPKCS11Token)
        .changePassword(arguments[0], arguments[1]);
      """, [old, new], in: .chrome)
  }
}
