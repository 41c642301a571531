import Foundation

/// The saved logins, by the calls of Firefox's own page `about:logins`.
extension FirefoxProcess {
  /// A login in Firefox.
  struct SavedLogin: Equatable {
    var origin: String
    var realm: String?
    var username: String
    var password: String
  }

  /// Saves a login as after HTTP authentication.
  ///
  /// - Returns: its GUID.
  @discardableResult
  func addLogin(_ login: SavedLogin) throws -> String {
    try addLogin([
      "hostname": login.origin, "formSubmitURL": login.realm == nil ? login.origin : NSNull(),
      "httpRealm": login.realm ?? NSNull(), "username": login.username, "password": login.password,
    ])
  }

  /// Saves a login.
  ///
  /// - Parameter members: the members by their names in records of Sync.
  /// - Returns: its GUID.
  @discardableResult
  func addLogin(_ members: [String: Any]) throws -> String {
    let guid = try executeBrowserScript(
      """
      const [m] = args;
      const login = Cc["@mozilla.org/login-manager/loginInfo;1"].createInstance(Ci.nsILoginInfo);
      login.init(m.hostname, m.formSubmitURL ?? null, m.httpRealm ?? null, m.username ?? "", m.password,
        m.usernameField ?? "", m.passwordField ?? "");
      return (await Services.logins.addLoginAsync(login)).guid;
      """, [members])
    return guid as? String ?? ""
  }

  /// Changes members of a login.
  ///
  /// - Parameter changes: the members by Firefox's names: `username`, `password`, `httpRealm`, `origin`, ….
  func editLogin(_ guid: String, _ changes: [String: Any]) throws {
    try executeBrowserScript(
      """
      const [guid, changes] = args;
      const [login] = await Services.logins.searchLoginsAsync({ guid });
      const changed = login.clone();
      Object.assign(changed, changes);
      await Services.logins.modifyLoginAsync(login, changed);
      """, [guid, changes])
  }

  /// Deletes a login.
  func deleteLogin(_ guid: String) throws {
    try executeBrowserScript(
      """
      const [login] = await Services.logins.searchLoginsAsync({ guid: args[0] });
      await Services.logins.removeLoginAsync(login);
      """, [guid])
  }

  /// Returns all saved logins except Firefox's own.
  func logins() throws -> [SavedLogin] {
    try loginRecords().map { record in
      func text(_ name: String) -> String { record[name] as? String ?? "" }
      return SavedLogin(
        origin: text("hostname"), realm: record["httpRealm"] as? String, username: text("username"),
        password: text("password"))
    }
  }

  /// Returns all saved logins as objects like the records of Sync, including the members that Firefox does not support.
  func loginRecords() throws -> [[String: Any]] {
    let list = try executeBrowserScript(
      """
      return (await Services.logins.getAllLogins())
        .filter(login => login.origin != "chrome://FirefoxAccounts")
        .map(login => ({
          ...JSON.parse(login.unknownFields || "{}"), id: login.guid, hostname: login.origin,
          formSubmitURL: login.formActionOrigin, httpRealm: login.httpRealm, username: login.username,
          password: login.password, usernameField: login.usernameField, passwordField: login.passwordField,
          timeCreated: login.timeCreated, timePasswordChanged: login.timePasswordChanged,
          timesUsed: login.timesUsed, timeLastUsed: login.timeLastUsed,
        }));
      """)
    return list as? [[String: Any]] ?? []
  }
}
