import ArgumentParser
import Glibc
import LockwiseCLI
import LockwiseCore
import LockwiseTransfer

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Import logins from another password manager.",
    discussion: """
      Reads an export of Firefox, Chrome, Bitwarden, KeePassXC, 1Password or Apple Passwords, a password store of pass, \
      a .git-credentials or a .netrc. Shows what is new, same, changed and refused, and asks before it changes anything. \
      Either all of it is imported or nothing. Existing passwords are kept without --replace.
      """)

  @Option(
    help: ArgumentHelp("Read this format instead of the recognised one.", valueName: "format"))
  var format: TransferFormat?

  @Flag(help: "Replace passwords of existing logins.")
  var replace = false

  @OptionGroup var confirmation: YesOption

  @Flag(help: "Show what would be imported, and change nothing.")
  var dryRun = false

  @Argument(help: ArgumentHelp("The file or folder; - is standard input.", valueName: "file"), completion: .file())
  var file: String

  func run() throws {
    let context = try SyncContext()
    // Without a vault, nothing is read or decrypted.
    _ = try VaultFile(in: context.directory, access: .reading)
    let progress = CountedProgress()
    // Read completely before the vault is unlocked: the program that writes it may need the vault too.
    let (conversion, recognised) = try read(context, progress)
    let vault = try context.unlockedVault(dryRun ? .reading : .writing)
    let plan = try ImportPlan(
      conversion, replaces: replace, now: context.clock.now(), random: SystemRandom(), forEachLogin: vault.forEachLogin)
    guard !dryRun, plan.changeCount > 0 else { return show(ImportSummary(plan, format: recognised)) }
    try confirmation.confirm(
      "Import \(Quantity.of(plan.changeCount, "login"))?", undone: "nothing was imported",
      reviewing: "look first: lockwise-sync import --dry-run FILE"
    ) { terminal in
      guard let terminal else { return show(ImportSummary(plan, format: recognised)) }
      for line in ImportSummary(plan, format: recognised, limit: Self.shownCount).lines { terminal.show(line) }
    }
    let total = plan.steps.count
    let count = try progress.whileShown { show in
      try plan.apply(to: LoginEditor(vault: vault, now: context.clock.now)) {
        show("\($0) of \(Quantity.of(total, "login"))")
      }
    }
    SyncLauncher(
      directory: context.directory, configuration: context.configuration, now: Seconds(context.clock.now()),
      diagnostics: context.diagnostics
    ).startPush()
    print("\(Quantity.of(count, "login")) imported")
  }

  private func read(
    _ context: SyncContext, _ progress: CountedProgress
  ) throws -> (ItemConversion<SystemRandom>, TransferFormat) {
    let random = SystemRandom()
    var conversion = ItemConversion(now: context.clock.now(), random: random)
    let recognised = try progress.whileShown { show in
      let source = ImportSource(file, format: format, environment: context.environment, progress: show)
      return try source.read(random: random) { try conversion.add($0) }
    }
    return (conversion, recognised)
  }

  /// The number of changed and of refused logins that are named before the question.
  private static let shownCount = 20

  private func show(_ summary: ImportSummary) {
    for line in summary.lines { print(line) }
  }
}

/// Progress on a terminal, which leaves no line behind.
private struct CountedProgress {
  private let line = ProgressLine(isShown: isatty(2) == 1)

  /// Runs work that reports its progress, and removes the line if one was shown.
  func whileShown<Result>(_ work: (_ show: @escaping (String) -> Void) throws -> Result) rethrows -> Result {
    var isShown = false
    defer { if isShown { line.clear() } }
    return try work {
      line.show($0)
      isShown = true
    }
  }
}

extension TransferFormat: ExpressibleByArgument {}
