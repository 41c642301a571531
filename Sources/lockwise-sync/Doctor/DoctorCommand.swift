import ArgumentParser
import LockwiseCLI
import LockwiseCore
import LockwiseGit

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check the setup and report problems.",
    discussion: """
      Checks the versions, the vault and its permissions, the keyring, the account, the servers and their clocks, the age \
      of the logins, and the settings of git, ssh and sudo. Does not prompt, change anything or show secrets. If the \
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
    if !offline { findings += ServerCheck(vault: vault.vault, context).findings }
    findings += CopyCheck(vault: vault.vault, directory: context.directory, now: context.clock.now()).findings
    findings += GitCheck(context.environment).findings
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
