import ArgumentParser
import LockwiseAccounts
import LockwiseCLI
import LockwiseCore
import LockwiseGit

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check the setup and report problems.",
    discussion: """
      Checks the versions, the vault and its permissions, the keyring, the account or the local profile, the servers and \
      their clocks, the age of the logins, and whether git, ssh, sudo, pass, direnv and docker use the vault. Does not prompt, change anything or show secrets. If the \
      vault is locked, the account is not checked. Each line begins with ok, warn or fail. The exit status is 1 if \
      anything failed.
      """)

  @OptionGroup var common: CommonOptions

  @Flag(help: "Print a JSON object.")
  var json = false

  @Flag(help: "Send no requests.")
  var offline = false

  func run() throws {
    let context = try SyncContext(common, mayRefuseConfiguration: false)
    let configuration = ConfigurationCheck(context.configuration)
    let vault = VaultCheck(context)
    var findings = [VersionCheck.finding] + configuration.findings + vault.findings
    findings += ProfileCheck(vault: vault.vault, context).findings
    if !offline { findings += ServerCheck(vault: vault.vault, context).findings }
    findings += CopyCheck(vault: vault.vault, directory: context.directory, now: context.clock.now()).findings
    findings += GitCheck(context.environment).findings
    findings += SetupCheck(context.environment).findings
    findings += RefusalCheck(vault: vault.vault, now: context.clock.now()).findings
    findings += PromptCheck(context.configuration).findings
    let hasFailed = findings.contains { $0.level == .fail }
    if json {
      var writer = JSONObjectWriter()
      writer.member("ok", !hasFailed)
      writer.member("checks", jsonArray: findings.map(\.json))
      writer.member("settings", jsonArray: configuration.settings)
      print(writer.finish().exposedText() ?? "{}")
    } else {
      for line in findings.flatMap(\.lines) { print(line) }
    }
    if hasFailed { throw ArgumentParser.ExitCode(LockwiseCore.ExitCode.failure.rawValue) }
  }
}

/// The logins that are not offered because a host or a key refused them.
struct RefusalCheck {
  let findings: [Finding]

  /// - Parameters:
  ///   - vault: the vault if it is unlocked.
  ///   - now: the current time.
  init(vault: Vault?, now: Milliseconds) {
    let refused = (try? vault?.refusedLogins(now: Seconds(now))) ?? []
    findings = refused.map { login in
      .warn(
        "refused", "\(login.origin) refused \(login.name): it is not offered until \(login.until.localTime)",
        login.origin.hasPrefix("http")
          ? "type a token when git asks, or change the password in Firefox"
          : "save the right one with lockwise-askpass save, or change it in Firefox")
    }
  }
}

/// Reports the versions of the program and its libraries.
enum VersionCheck {
  static var finding: Finding {
    let libraries = [CurlTransport.libraryVersion, CryptoLibrary.version, VaultFile.libraryVersion]
    return .ok("version", "lockwise \(Version.current), \(libraries.joined(separator: ", "))")
  }
}
