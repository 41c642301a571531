/// A login of each kind that the suite writes.
struct DesignEntries {
  let name: String
  let members: [String: Any]

  private init(_ name: String, _ members: [String: Any]) {
    self.name = name
    self.members = members.merging(["password": "secret of " + name]) { old, _ in old }
  }

  /// Members that Firefox does not support, ours and of others.
  private static var extra: [String: Any] {
    [
      "lockwise": [
        "notes": "first line\nsecond “line”", "otp": "otpauth://totp/Ex:irene?secret=JBSWY3DPEHPK3PXP&issuer=Ex",
        "fields": ["pin": "0042", "nested": ["a", 1, true]] as [String: Any],
      ] as [String: Any],
      "x-of-others": ["list": [1, 2.5, "three"], "none": [:] as [String: Any]] as [String: Any],
      "timeLastBreachAlertDismissed": 1_700_000_000_123,
    ]
  }

  static var all: [DesignEntries] {
    let key = "ssh-key://" + String(repeating: "0123456789abcdef", count: 4)
    return [
      Self(
        "web site", ["hostname": "https://web.example", "formSubmitURL": "https://web.example", "username": "alice"]),
      Self(
        "web site with a port",
        [
          "hostname": "https://web.example:8443", "formSubmitURL": "https://web.example:8443", "username": "alice",
        ]),
      Self("git", ["hostname": "https://git.example", "httpRealm": "git", "username": "alice"]),
      Self("git, named realm", ["hostname": "https://git.example", "httpRealm": "My “Forge”", "username": "alice"]),
      Self("git, path", ["hostname": "https://git.example", "httpRealm": "git:team/repo.git", "username": "alice"]),
      Self("ssh", ["hostname": "ssh://host.example", "httpRealm": "ssh", "username": "root"]),
      Self("ssh with a port", ["hostname": "ssh://host.example:2222", "httpRealm": "ssh", "username": "root"]),
      Self("ssh key", ["hostname": key, "httpRealm": "ssh-key", "username": "alice@laptop"]),
      Self("sudo", ["hostname": "sudo://laptop", "httpRealm": "sudo", "username": "alice"]),
      Self("pass", ["hostname": "pass://email", "httpRealm": "pass", "username": "work/gmail.com"]),
      Self("pass, no user name", ["hostname": "pass://wifi", "httpRealm": "pass", "username": ""]),
      Self("empty user name", ["hostname": "https://empty.example", "httpRealm": "", "username": ""]),
      Self("any form", ["hostname": "https://any.example", "formSubmitURL": "", "username": "zoë"]),
      Self(
        "notes, code and members of others",
        extra.merging([
          "hostname": "https://more.example", "httpRealm": "pass", "username": "ünï",
          "password": "mehr\nals eine\tZeile “€”",
        ]) { $1 }),
    ]
  }
}
