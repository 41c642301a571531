import Foundation
import LockwiseCore
import Testing

@testable import LockwiseAccounts

@Suite struct FirefoxProfilesTests {
  private func list(_ profiles: String, _ installs: String = "") -> [FirefoxProfile] {
    FirefoxProfile.list(
      root: "/r", profiles: IniFile(SecretBytes(utf8: profiles)), installs: IniFile(SecretBytes(utf8: installs)))
  }

  @Test func listsProfilesOfCurrentFirefox() {
    let profiles = list(
      """
      [Install4F96D1932A9F858E]
      Default=k2.default-release
      Locked=1

      [Profile1]
      Name=default
      IsRelative=1
      Path=k1.default
      Default=1

      [Profile0]\r
      Name=work = \u{e9}\r
      IsRelative=1\r
      Path=k2.default-release\r

      ; a comment
      [Profile2]
      Name=elsewhere
      IsRelative=0
      Path=/srv/firefox/p
      [General]
      StartWithLastProfile=1
      Version=2
      """)
    #expect(
      profiles == [
        FirefoxProfile(name: "default", directory: "/r/k1.default", isDefault: false),
        FirefoxProfile(name: "work = \u{e9}", directory: "/r/k2.default-release", isDefault: true),
        FirefoxProfile(name: "elsewhere", directory: "/srv/firefox/p", isDefault: false),
      ])
  }

  @Test func findsTheDefaultOfInstallsAndOldFirefox() {
    let one = "[Profile0]\nName=a\nIsRelative=1\nPath=a.dir\n[Profile1]\nName=b\nIsRelative=1\nPath=b.dir\nDefault=1\n"
    #expect(list(one).map(\.isDefault) == [false, true])
    #expect(list(one, "[4F96]\nDefault=a.dir\nLocked=1\n").map(\.isDefault) == [true, false])
  }

  @Test(arguments: [
    "", "\n\n", "[", "x=y", "[Profile0]\nName=a", "[Profile0]\nPath=", "Profile0]\nPath=x", "\0\u{FF}[=]",
  ])
  func ignoresInvalidLists(text: String) { #expect(list(text) == []) }

  @Test func choosesByNameOrPath() throws {
    let profiles = FirefoxProfiles([
      FirefoxProfile(name: "default", directory: "/r/k1.default", isDefault: false),
      FirefoxProfile(name: "work", directory: "/r/k2.work", isDefault: true),
      FirefoxProfile(name: "work", directory: "/snap/k3.work", isDefault: false),
    ])
    func choose(_ wanted: String?, signedIn: Set<String> = []) throws -> String {
      try profiles.choose(wanted) { signedIn.contains($0.directory) }.directory
    }
    #expect(try choose("default") == "/r/k1.default")
    #expect(try choose("k3.work") == "/snap/k3.work")
    #expect(try choose("/snap/k3.work/") == "/snap/k3.work")
    #expect(throws: FirefoxError.ambiguousProfile(["/r/k2.work", "/snap/k3.work"])) { try choose("work") }
    #expect(throws: FirefoxError.unknownProfile("x", known: ["default", "work", "work"])) { try choose("x") }
    #expect(throws: FirefoxError.unknownProfile("/x/y", known: ["default", "work", "work"])) { try choose("/x/y") }
    #expect(throws: FirefoxError.notSignedIn(profile: nil)) { try choose(nil) }
    #expect(try choose(nil, signedIn: ["/r/k1.default"]) == "/r/k1.default")
    #expect(try choose(nil, signedIn: ["/r/k1.default", "/r/k2.work"]) == "/r/k2.work")
    #expect(throws: FirefoxError.ambiguousProfile(["/r/k1.default", "/snap/k3.work"])) {
      try choose(nil, signedIn: ["/r/k1.default", "/snap/k3.work"])
    }
    #expect(throws: FirefoxError.noProfile) { try FirefoxProfiles([]).choose(nil) { _ in true } }
  }

  @Test func acceptsAPathThatIsNotListed() throws {
    let fake = try FakeProfile()
    let chosen = try FirefoxProfiles([]).choose(fake.directory + "/") { _ in false }
    #expect(chosen == FirefoxProfile(name: "profile", directory: fake.directory, isDefault: false))
    #expect(throws: FirefoxError.self) {
      try FirefoxProfiles([]).choose(fake.directory + "/signedInUser.json") { _ in true }
    }
  }

  @Test func choosesTheProfileWithLogins() throws {
    let firefox = [
      FirefoxProfile(name: "default", directory: "/r/k1", isDefault: false),
      FirefoxProfile(name: "work", directory: "/r/k2", isDefault: true),
      FirefoxProfile(name: "nightly", directory: "/r/k3", isDefault: true),
    ]
    let mail = FirefoxProfile(name: "mail", directory: "/t/k4", isDefault: true, application: "Thunderbird")
    let profiles = FirefoxProfiles(firefox + [mail])
    func choose(_ wanted: String? = nil, with logins: Set<String>) throws -> String {
      try profiles.choose(local: wanted) { logins.contains($0.directory) }.directory
    }
    #expect(try choose("mail", with: []) == "/t/k4")
    #expect(try choose("k1", with: ["/r/k2"]) == "/r/k1")
    #expect(try choose(with: ["/r/k1"]) == "/r/k1")
    #expect(try choose(with: ["/t/k4"]) == "/t/k4")
    #expect(try choose(with: ["/r/k1", "/r/k2"]) == "/r/k2")
    #expect(throws: FirefoxError.ambiguousProfile(["/r/k2", "/r/k3"])) { try choose(with: ["/r/k2", "/r/k3"]) }
    // The default profiles of two applications.
    #expect(throws: FirefoxError.ambiguousProfile(["/r/k2", "/t/k4"])) { try choose(with: ["/r/k2", "/t/k4"]) }
    #expect(throws: FirefoxError.ambiguousProfile(["/r/k1", "/t/k4"])) { try choose(with: ["/r/k1", "/t/k4"]) }
    #expect(throws: FirefoxError.noLogins(profile: nil)) { try choose(with: []) }
    #expect(throws: FirefoxError.noProfile) { try FirefoxProfiles([]).choose(local: nil) { _ in true } }
    #expect(throws: FirefoxError.unknownProfile("x", known: ["default", "work", "nightly", "mail"])) {
      try choose("x", with: [])
    }
  }

  /// A profile that cannot be read is one with logins, so that its problem is reported.
  @Test func looksForLoginsInTheFiles() throws {
    let empty = try FakeProfile()
    let full = try FakeProfile("aes")
    let damaged = try FakeProfile("aes")
    try damaged.write("logins.json", #"{"version":9}"#)
    try empty.write("logins.json", #"{"version":3,"logins":[]}"#)
    let none = FirefoxProfile(name: "none", directory: "/none", isDefault: false)
    func choose(_ profiles: [FirefoxProfile]) throws -> String {
      try FirefoxProfiles(profiles).choose(local: nil, copyIn: [empty.scratch]).directory
    }
    #expect(try choose([none, empty.profile, full.profile]) == full.directory)
    #expect(try choose([none, empty.profile, damaged.profile]) == damaged.directory)
    #expect(throws: FirefoxError.ambiguousProfile([full.directory, damaged.directory])) {
      try choose([full.profile, damaged.profile])
    }
    #expect(throws: FirefoxError.noLogins(profile: nil)) { try choose([none, empty.profile]) }
  }

  @Test(arguments: [
    (".mozilla/firefox", "Firefox"), (".config/mozilla/firefox", "Firefox"),
    ("snap/firefox/common/.mozilla/firefox", "Firefox"), ("snap/firefox/common/.config/mozilla/firefox", "Firefox"),
    (".var/app/org.mozilla.firefox/.mozilla/firefox", "Firefox"),
    (".var/app/org.mozilla.firefox/config/mozilla/firefox", "Firefox"),
    (".librewolf", "LibreWolf"), (".config/librewolf/librewolf", "LibreWolf"),
    (".var/app/io.gitlab.librewolf-community/.librewolf", "LibreWolf"),
    (".waterfox", "Waterfox"), (".var/app/net.waterfox.waterfox/.waterfox", "Waterfox"),
    (".local/share/torbrowser/tbb/x86_64/tor-browser/Browser/TorBrowser/Data/Browser", "Tor Browser"),
    ("tor-browser/Browser/TorBrowser/Data/Browser", "Tor Browser"),
    (".thunderbird", "Thunderbird"), ("snap/thunderbird/common/.thunderbird", "Thunderbird"),
    (".var/app/org.mozilla.Thunderbird/.thunderbird", "Thunderbird"),
    (".var/app/net.thunderbird.Thunderbird/.thunderbird", "Thunderbird"),
  ])
  func searchesEachFolder(place: String, application: String) throws {
    let fake = try FakeProfile()
    let root = fake.scratch + "/" + place
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    try Data("[Profile0]\nName=a\nIsRelative=1\nPath=b\n".utf8).write(to: URL(fileURLWithPath: root + "/profiles.ini"))
    let found = try FirefoxProfiles(environment: Environment(["HOME": fake.scratch]))
    #expect(
      found.all == [FirefoxProfile(name: "a", directory: root + "/b", isDefault: false, application: application)])
    #expect(try FirefoxProfiles(environment: Environment([:])).all == [])
    let elsewhere = [
      "HOME": "/none", "XDG_CONFIG_HOME": fake.scratch + "/.config", "XDG_DATA_HOME": fake.scratch + "/.local/share",
    ]
    let isInXDGFolder = place.hasPrefix(".config/") || place.hasPrefix(".local/")
    #expect(try FirefoxProfiles(environment: Environment(elsewhere)).all == (isInXDGFolder ? found.all : []))
  }
}
