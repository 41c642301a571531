import Foundation
import Testing

@testable import LockwiseHostSupport

/// Recipes of `docs/recipes.md` whose programs run a command for a password, with the real programs.
@Suite final class EnvRecipeTests {
  private static let password = RecipeHome.password

  private let recipe: RecipeHome
  private var folder: String { recipe.folder }

  init() throws {
    recipe = try RecipeHome()
    // No keys are kept, so that the vault is locked once its key file is gone.
    recipe.home.environment["LOCKWISE_UNLOCK_TIME"] = "0"
  }

  private static func has(_ program: String) -> Bool { RecipeHome.path(of: program) != nil }

  /// Every reference of the document has a value, so that no test runs another one than the document names.
  @Test func everyReferenceOfTheDocumentResolves() throws {
    let text = try String(contentsOf: Readme.root.appendingPathComponent("docs/recipes.md"), encoding: .utf8)
    let lines = text.split(separator: "\n").filter { $0.contains("lockwise") }
    let references = Set(
      lines.flatMap { $0.matches(of: #/lockwise:\/\/[a-z.]+\/[a-z]+(?:\/[a-z]+)?/#).map { String($0.output) } }
        + lines.flatMap {
          $0.matches(of: /(?:lockwise-env read |--stdin |PGPASSFILE=)([a-z.]+\/[a-z]+(?:\/[a-z]+)?)/)
            .map { String($0.output.1) }
        })
    #expect(references.count >= 10, "\(references)")
    for reference in references { try recipe.home.env("read", reference).expectSuccess() }
  }

  @Test(.enabled(if: has("ansible-vault"), "ansible is not installed")) func ansibleOpensItsVaults() throws {
    try recipe.writeFiles("Ansible")
    for (name, reference) in [("secrets", "default"), ("prod", "prod")] {
      try recipe.home.scratch.write("polonium: 84\n", to: folder + "/\(name).yml")
      let script = folder + "/pass-\(name)"
      try recipe.home.scratch.write(
        "#!/bin/sh\nlockwise-env read ansible.example.org/\(reference)\n", to: script)
      let id = name == "prod" ? "--encrypt-vault-id prod --vault-id prod@\(script)" : "--vault-password-file \(script)"
      try recipe.shell("ansible-vault encrypt \(id) \(name).yml").expectSuccess()
      chmod(folder + "/\(name).yml", 0o600)
    }
    let commands = try #require(recipe.recipes.commands["Ansible"])
    #expect(commands.count == 2)
    for command in commands {
      #expect(try recipe.shell(command).expectSuccess().output == "polonium: 84\n", "\(command)")
    }
    let missing = try recipe.shell("./lockwise-client --vault-id nobody")
    #expect(missing.status == 2 && missing.output.isEmpty)
    try recipe.home.loseKey()
    #expect(try recipe.shell("./lockwise-client --vault-id prod").status == 1)
    #expect(try recipe.shell(commands[0]).status != 0)
  }

  @Test(.enabled(if: has("restic"), "restic is not installed"), .ownThread) func resticBacksUp() throws {
    let lines = try #require(recipe.recipes.commands["restic"])
    #expect(lines.count == 4)
    try recipe.shell(lines.prefix(3).joined(separator: " && ")).expectSuccess()
    #expect(try recipe.shell(lines[3]).expectSuccess().output.contains("1 snapshots"))
    let wrong = try recipe.shell("restic --repo ~/backup snapshots", with: ["RESTIC_PASSWORD": "wrong"])
    #expect(wrong.status != 0)
    try recipe.home.loseKey()
    let locked = try recipe.shell(lines[0] + " && restic --repo ~/backup snapshots")
    #expect(locked.status != 0 && locked.output.isEmpty)
  }

  @Test(.enabled(if: has("borg"), "borg is not installed"), .ownThread) func borgBacksUp() throws {
    let lines = try #require(recipe.recipes.commands["borg"])
    #expect(lines.count == 3)
    try recipe.shell(lines.joined(separator: " && ")).expectSuccess()
    let exact = ["BORG_PASSPHRASE": " " + Self.password + " "]
    #expect(try recipe.shell("borg list ~/borg", with: exact).expectSuccess().output.hasPrefix("first "))
    try recipe.home.loseKey()
    #expect(try recipe.shell(lines[0] + " && borg list ~/borg").status != 0)
  }

  private static let mail = "Mail: mutt, msmtp, mbsync, aerc"

  @Test(.enabled(if: has("mutt"), "mutt is not installed")) func muttReadsThePassword() throws {
    try recipe.writeFiles(Self.mail)
    let run = try recipe.shell("mutt -F ~/.muttrc -Q imap_pass").expectSuccess()
    let escaped = Self.password.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    #expect(run.output == "imap_pass=\"\(escaped)\"\n")
  }

  @Test(.enabled(if: has("msmtp"), "msmtp is not installed")) func msmtpLogsIn() throws {
    let ports = try recipe.serve("smtp-server.py", "marie", Self.password, ports: 2)
    let account = """
      account default
      host 127.0.0.1
      port \(ports[0])
      tls off
      auth plain
      user marie
      from marie@example.org

      """
    try recipe.writeFiles(Self.mail, around: [".msmtprc": (account, "")])
    try recipe.shell("echo 'Subject: radium' | msmtp pierre@example.org").expectSuccess()
    let log = try ControlClient(port: #require(UInt16(exactly: ports[1]))).json("GET", "/") as? [[String: Any]] ?? []
    #expect(log.first?["password"] as? String == Self.password)
  }

  /// A server that logs the commands and rejects the login.
  private func writeMailServer() throws -> String {
    let log = folder + "/imap-log"
    try recipe.home.scratch.write(
      """
      #!/bin/sh
      printf '* OK [CAPABILITY IMAP4rev1] ready\\r\\n'
      while IFS= read -r line; do
        printf '%s\\n' "$line" >>'\(log)'
        case $line in
          *LOGIN*) printf '%s NO rejected\\r\\n' "${line%% *}"; exit ;;
          *) printf '* CAPABILITY IMAP4rev1\\r\\n%s OK\\r\\n' "${line%% *}" ;;
        esac
      done

      """, to: recipe.home.bin + "/imap-server")
    return log
  }

  @Test(.enabled(if: has("mbsync"), "mbsync (isync) is not installed")) func mbsyncLogsIn() throws {
    let log = try writeMailServer()
    let before = "IMAPAccount lab\nTunnel imap-server\nUser marie\nAuthMechs LOGIN\n"
    let after = """

      IMAPStore there
      Account lab

      MaildirStore here
      Inbox \(folder)/mail

      Channel all
      Far :there:
      Near :here:

      """
    try recipe.writeFiles(Self.mail, around: [".mbsyncrc": (before, after)])
    #expect(try recipe.shell("mbsync all").status == 1)
    let quoted = Self.password.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    #expect(try String(contentsOfFile: log, encoding: .utf8).contains("LOGIN \"marie\" \"\(quoted)\""))
  }

  @Test(.enabled(if: has("aerc"), "aerc is not installed"), .ownThread) func aercLogsIn() throws {
    let log = folder + "/imap-log"
    let port = try recipe.serve("imap-server.py", log)[0]
    let account = "[lab]\nsource = imap+insecure://marie@127.0.0.1:\(port)\nfrom = Marie <marie@example.org>\n"
    try recipe.writeFiles(Self.mail, around: [".config/aerc/accounts.conf": (account, "")])
    let terminal = try PseudoTerminal(
      Executables.ofSystem("aerc"), environment: recipe.home.environment.merging(["TERM": "xterm"]) { $1 })
    let quoted = Self.password.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    var lines: [String] = []
    _ = try terminal.await(timeout: 30) { _, _ in
      lines = recipe.log(log).filter { $0.contains("LOGIN") }
      return !lines.isEmpty
    }
    #expect(lines.first?.contains("LOGIN \"marie\" \"\(quoted)\"") == true, "\(lines)")
  }
}
