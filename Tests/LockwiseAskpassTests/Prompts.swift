import LockwiseTestSupport

@testable import LockwiseAskpass

/// Every prompt of OpenSSH, sudo, git and git-lfs.
enum Prompts {
  static let all = ssh + keys + changes + consents + sudo + git

  private static func password(_ isServerWritten: Bool) -> Question {
    .sshPassword(user: "bob", host: "host.example", isServerWritten: isServerWritten)
  }

  private static let account = SSHAccount(Array("bob@host.example".utf8))

  private static let ssh = [
    PromptRow("«bob»@«host.example»'s password: ", password(false)),
    PromptRow("(«bob»@«host.example») Password:", password(true)),
    PromptRow("(«bob»@«host.example») Password: ", password(true)),
    PromptRow("(«bob»@«host.example») password:", password(true)),
    PromptRow("(«bob»@«host.example») password: ", password(true)),
    PromptRow("(«bob»@«host.example») «bob»@«host.example»'s password: ", password(true)),
    PromptRow("(«bob»@«host.example») Verification code: ", .other(server: account)),
    PromptRow("(«bob»@«host.example») ", .other(server: account)),
    PromptRow("(current) UNIX password: ", .other(server: nil)),
    PromptRow("Password: ", .other(server: nil)), PromptRow("Password:", .other(server: nil)),
    PromptRow("", .other(server: nil)),
  ]

  private static func key(_ wording: KeyPrompt.Wording, _ path: String?) -> Question {
    .keyPassphrase(KeyPrompt(wording: wording, path: path.map { Array($0.utf8) }))
  }

  private static let keys = [
    PromptRow("Enter passphrase for key '«/home/a/.ssh/id»': ", key(.ssh, "/home/a/.ssh/id")),
    PromptRow("Enter passphrase for «/home/a/my keys/id»: ", key(.sshAdd, "/home/a/my keys/id"), from: .sshAdd),
    PromptRow("Enter passphrase for «id» (will confirm each use): ", key(.sshAdd, "id"), from: .sshAdd),
    PromptRow("Enter passphrase for \"«id»\": ", key(.sshKeygen, "id"), from: .sshKeygen),
    PromptRow("Enter passphrase: ", key(.sshKeygen, nil), from: .sshKeygen),
    PromptRow("Enter old passphrase: ", key(.sshKeygen, nil), from: .sshKeygen),
    PromptRow("Enter passphrase for (stdin): ", .other(server: nil), from: .sshAdd),
    PromptRow("Bad passphrase, try again for «/home/a/.ssh/id»: ", .stalePassphrase, from: .sshAdd),
    PromptRow("Bad passphrase, try again for «id» (will confirm each use): ", .stalePassphrase, from: .sshAdd),
    PromptRow("Enter passphrase for PKCS#11: ", .pin, from: .sshAdd),
    PromptRow("Enter PIN for authenticator: ", .pin, from: .sshAdd),
    PromptRow("Enter PIN for ECDSA-SK key «/home/a/.ssh/id_sk»: ", .pin),
    PromptRow("Enter PIN and confirm user presence for ED25519-SK key «SHA256:x»: ", .pin, from: .sshAgent),
    PromptRow("Enter PIN for '«my token»': ", .pin),
    PromptRow("Enter PIN for CA key: ", .pin, from: .sshKeygen),
    PromptRow("Enter lock password: ", .pin, from: .sshAdd), PromptRow("Again: ", .pin, from: .sshAdd),
  ]

  private static let changes = [
    PromptRow("Enter «bob»@«host.example»'s old password: ", .newSecret),
    PromptRow("Enter «bob»@«host.example»'s new password: ", .newSecret),
    PromptRow("Retype «bob»@«host.example»'s new password: ", .newSecret),
    PromptRow("Enter new passphrase (empty for no passphrase): ", .newSecret, from: .sshKeygen),
    PromptRow("Enter passphrase (empty for no passphrase): ", .newSecret, from: .sshKeygen),
    PromptRow("Enter passphrase for \"«id»\" (empty for no passphrase): ", .newSecret, from: .sshKeygen),
    PromptRow("Enter same passphrase again: ", .newSecret, from: .sshKeygen),
    PromptRow("Current password: ", .newSecret, from: .sudo), PromptRow("New password: ", .newSecret, from: .sudo),
    PromptRow("Retype new password: ", .newSecret, from: .sudo),
  ]

  private static let consents = [
    PromptRow(
      "The authenticity of host '«h» («::1»)' can't be established.\nED25519 key fingerprint is «SHA256:x».\n"
        + "Are you sure you want to continue connecting (yes/no/[fingerprint])? ", .hostKey),
    PromptRow("Are you sure you want to continue connecting (yes/no)? ", .hostKey),
    PromptRow("Please type 'yes', 'no' or the fingerprint: ", .hostKey),
    PromptRow("Please type 'yes' or 'no': ", .hostKey), PromptRow("Accept updated hostkeys? (yes/no): ", .hostKey),
    PromptRow("Add key «id» («ann@laptop») to agent?", .yesOrNo),
    PromptRow("Allow shared connection to «h»? ", .yesOrNo),
    PromptRow("Terminate shared connection to «h»? ", .yesOrNo),
    PromptRow("Open «direct-tcpip» on «h»?", .yesOrNo), PromptRow("Allow forward to [«h»]:«80»? ", .yesOrNo),
    PromptRow("Allow forward to path «/run/x»", .yesOrNo), PromptRow("Allow multiplex proxy connection?", .yesOrNo),
    PromptRow("Disable further multiplexing on shared connection to «h»? ", .yesOrNo),
    PromptRow("Allow use of key «ann@laptop»?\nKey fingerprint «SHA256:x».", .yesOrNo, from: .sshAgent),
    PromptRow("Confirm user presence for key ED25519-SK «SHA256:x»", .other(server: nil), from: .sshAgent),
  ]

  private static let sudo =
    SudoPromptTemplates.all.map { template in
      let parts = template.split(separator: "%p", omittingEmptySubsequences: false)
      return PromptRow(parts[0] + "«ann»" + parts[1], .sudoPassword(user: "ann"), from: .sudo)
    } + [
      PromptRow("[sudo: authenticate] Password: ", .sudoPassword(user: nil), from: .sudo),
      PromptRow("[sudo: input needed] Token: ", .other(server: nil), from: .sudo),
      PromptRow("Sorry, try again.", .other(server: nil), from: .sudo),
    ]

  private static func url(_ text: String) -> GitPromptURL {
    // A test of its own shows that these are valid.
    GitPromptURL(Array(text.utf8)[...])!
  }

  private static let git = [
    PromptRow(
      "Username for '«https://host.example»': ", .gitUserName(url("https://host.example")), from: .git),
    PromptRow(
      "Password for '«https://ann@host.example:8443»': ", .gitPassword(url("https://ann@host.example:8443")), from: .git
    ),
    PromptRow(
      "Password for '«https://ann@host.example/a/b.git»': ", .gitPassword(url("https://ann@host.example/a/b.git")),
      from: .git),
    PromptRow("Username for \"«https://host.example»\"", .gitUserName(url("https://host.example")), from: .git),
    PromptRow("Password for \"«https://ann@host.example»\"", .gitPassword(url("https://ann@host.example")), from: .git),
    PromptRow("Username: ", .userName, from: .git),
    PromptRow("Password for '«ann»': ", .other(server: nil), from: .git),
    PromptRow(
      "Certificate problem.\n(R)eject, accept (t)emporarily or accept (p)ermanently? ", .other(server: nil), from: .git),
  ]
}
