import Foundation

/// A real Firefox without a window, with its own profile that survives restarts, and access only to this machine.
final class FirefoxProcess {
  /// The profile's directory.
  let profile: String
  /// Firefox's home directory.
  let home: String
  private let server: String?
  private let preferences: [String: Any]
  private let environment: [String: String]
  private var process: pid_t?
  // Kept open. When it closes, the shell around Firefox knows that this process has ended.
  private var lifeline: Int32 = -1
  private var connection: Marionette?

  /// Creates a profile; `start` runs Firefox.
  ///
  /// - Parameters:
  ///   - directory: an empty folder for the profile and Firefox's home.
  ///   - server: the web address of the accounts server; nil for Mozilla's, which cannot be reached.
  ///   - profile: the directory of the profile, if it is not in `directory`.
  ///   - preferences: further preferences.
  init(
    in directory: String, server: String? = nil, profile: String? = nil, preferences: [String: Any] = [:]
  ) throws {
    home = directory + "/firefox-home"
    self.profile = profile ?? directory + "/firefox-profile"
    self.server = server
    self.preferences = preferences
    environment = [
      "HOME": home, "PATH": "/usr/bin:/bin", "MOZ_HEADLESS": "1", "MOZ_CRASHREPORTER_DISABLE": "1", "LC_ALL": "C.UTF-8",
    ]
    for path in [home, self.profile] {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }
  }

  deinit { kill() }

  var isRunning: Bool { process != nil }

  /// Starts Firefox and connects to its remote control.
  ///
  /// - Throws: `Executables.MissingTool` without Firefox; `TimedOut`.
  func start() throws {
    precondition(process == nil)
    let firefox = try Executables.ofSystem("firefox-esr")
    try Data(userPreferences().utf8).write(to: URL(fileURLWithPath: profile + "/user.js"))
    let portFile = profile + "/MarionetteActivePort"
    unlink(portFile)
    // The last child lives as long as the lifeline, and then ends the whole session.
    let script = """
      "$@" >"$LOG" 2>&1 3<&- & firefox=$!; { read -r _; kill -KILL 0; } <&3 & exec 3<&-; wait "$firefox"
      """
    let log = home + "/log"
    (process, lifeline) = try Spawn.alone {
      let pipe = try Spawn.pipe()
      defer { close(pipe.read) }
      let pid = try Spawn.start(
        "/bin/sh",
        [
          "-c", script, "sh", firefox, "--headless", "--marionette", "--remote-allow-system-access", "--no-remote",
          "--profile", profile,
        ], environment: environment.merging(["LOG": log]) { $1 },
        streams: [.null, .null, .null, .descriptor(pipe.read)])
      return (pid, pipe.write)
    }
    let deadline = Deadline(seconds: 90)
    var port: UInt16?
    _ = deadline.await {
      port = (try? String(contentsOfFile: portFile, encoding: .utf8)).flatMap { UInt16($0) }
      return port != nil || hasEnded
    }
    guard let port, !hasEnded else {
      let said = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
      kill()
      throw TimedOut(description: "Firefox does not start: \(said.suffix(2000))")
    }
    let connection = try Marionette(port: port)
    try connection.send("WebDriver:NewSession")
    try connection.send("WebDriver:SetTimeouts", ["script": 60_000, "pageLoad": 30_000, "implicit": 5_000])
    self.connection = connection
  }

  /// Quits Firefox like a user, and waits for its end.
  ///
  /// - Throws: `TimedOut`.
  func stop() throws {
    guard process != nil else { return }
    try send("Marionette:Quit", ["flags": ["eForceQuit"]])
    connection = nil
    let inTime = Deadline(seconds: 60).await { hasEnded }
    kill()
    if !inTime { throw TimedOut(description: "Firefox does not quit") }
  }

  /// Kills Firefox with all its processes, as a crash would.
  func kill() {
    connection = nil
    if lifeline >= 0 { close(lifeline) }
    lifeline = -1
    if let process { waitpid(process, nil, 0) }
    process = nil
  }

  /// Sends a command of the remote control.
  @discardableResult
  func send(_ command: String, _ parameters: [String: Any] = [:]) throws -> Any? {
    guard let connection else { throw Marionette.Failure(description: "Firefox is not running") }
    return try connection.send(command, parameters)
  }

  /// Whether the shell around Firefox has ended, without collecting its status.
  private var hasEnded: Bool {
    guard let process else { return true }
    var info = siginfo_t()
    return waitid(P_PID, id_t(process), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_signo == SIGCHLD
  }

  private func userPreferences() throws -> String {
    var all: [String: Any] = [
      "marionette.port": 0,
      // Requests to other machines go to a proxy that does not exist.
      "network.proxy.type": 1, "network.proxy.http": "127.0.0.1", "network.proxy.http_port": 9,
      "network.proxy.ssl": "127.0.0.1", "network.proxy.ssl_port": 9,
      "network.proxy.no_proxies_on": "localhost, 127.0.0.1, ::1",
      "network.captive-portal-service.enabled": false, "network.connectivity-service.enabled": false,
      "services.settings.server": "data:,#remote-settings-dummy/v1", "dom.push.connection.enabled": false,
      "app.update.auto": false, "app.normandy.enabled": false, "extensions.update.enabled": false,
      "browser.safebrowsing.update.enabled": false, "toolkit.telemetry.server": "",
      "datareporting.policy.dataSubmissionEnabled": false, "browser.shell.checkDefaultBrowser": false,
      "browser.startup.homepage_override.mstone": "ignore", "browser.startup.page": 0,
      "browser.newtabpage.enabled": false, "browser.chrome.site_icons": false, "identity.fxaccounts.allowHttp": true,
    ]
    if let server { all["identity.fxaccounts.autoconfig.uri"] = server }
    all.merge(preferences) { $1 }
    return try all.sorted { $0.key < $1.key }.map { name, value in
      let text = try JSONSerialization.data(
        withJSONObject: value, options: [.fragmentsAllowed, .withoutEscapingSlashes])
      return "user_pref(\"\(name)\", \(String(decoding: text, as: UTF8.self)));\n"
    }.joined()
  }
}
