import LockwiseCore

/// A program with profiles like those of Firefox: its name, and the folders with its list of profiles.
struct FirefoxApplication {
  let name: String
  let roots: [String]

  /// Returns Firefox and its relatives as system programs, Snaps and Flatpaks. Firefox ESR, Developer Edition and
  /// Nightly have the folders of Firefox.
  ///
  /// - Parameter environment: `HOME`, `XDG_CONFIG_HOME` and `XDG_DATA_HOME` are read.
  static func all(_ environment: Environment) -> [FirefoxApplication] {
    guard let home = environment["HOME"], home.hasPrefix("/") else { return [] }
    func folder(_ variable: String, _ other: String) -> String {
      environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home + "/" + other
    }
    // Firefox's folder moved to the configuration directory in version 147, and LibreWolf's with it.
    let configuration = folder("XDG_CONFIG_HOME", ".config")
    let data = folder("XDG_DATA_HOME", ".local/share")
    let flatpaks = home + "/.var/app/"
    let firefox = flatpaks + "org.mozilla.firefox"
    let libreWolf = flatpaks + "io.gitlab.librewolf-community"
    return [
      FirefoxApplication(
        name: "Firefox",
        roots: [
          home + "/.mozilla/firefox", configuration + "/mozilla/firefox",
          home + "/snap/firefox/common/.mozilla/firefox", home + "/snap/firefox/common/.config/mozilla/firefox",
          firefox + "/.mozilla/firefox", firefox + "/config/mozilla/firefox", firefox + "/.config/mozilla/firefox",
        ]),
      FirefoxApplication(
        name: "LibreWolf",
        roots: [
          home + "/.librewolf", configuration + "/librewolf/librewolf", libreWolf + "/.librewolf",
          libreWolf + "/config/librewolf/librewolf", libreWolf + "/.config/librewolf/librewolf",
        ]),
      FirefoxApplication(
        name: "Waterfox", roots: [home + "/.waterfox", flatpaks + "net.waterfox.waterfox/.waterfox"]),
      FirefoxApplication(
        name: "Tor Browser",
        roots: torBundles(home, data: data, flatpak: flatpaks + "org.torproject.torbrowser-launcher/data").map {
          $0 + "/Browser/TorBrowser/Data/Browser"
        }),
      FirefoxApplication(
        name: "Thunderbird",
        roots: [
          home + "/.thunderbird", configuration + "/thunderbird", home + "/snap/thunderbird/common/.thunderbird",
          flatpaks + "org.mozilla.Thunderbird/.thunderbird", flatpaks + "net.thunderbird.Thunderbird/.thunderbird",
        ]),
    ]
  }

  /// The folders of Tor Browser, which has its profiles inside: where torbrowser-launcher unpacks it, and in the home
  /// directory. Bundles from before 2023 have the language in their name.
  private static func torBundles(_ home: String, data: String, flatpak: String) -> [String] {
    let launchers = [data, flatpak].flatMap { folder in
      ["x86_64", "aarch64"].map { folder + "/torbrowser/tbb/" + $0 }
    }
    return launchers.map { $0 + "/tor-browser" } + launchers.map { $0 + "/tor-browser_en-US" }
      + [home + "/tor-browser", home + "/tor-browser_en-US"]
  }
}
