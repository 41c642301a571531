import ArgumentParser
import LockwiseCLI
import LockwiseCore

struct SlotsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slots", abstract: "List, add or remove ways to open the vault.",
    discussion: """
      A slot holds the vault's key, wrapped with a passphrase, a key file, or the output of the unlock command. Each slot \
      opens the vault by itself. To add or remove one, type the passphrase, unless a key file or the unlock command opens \
      the vault. An unlocked vault is not enough.
      """)

  @Flag(help: "list: print a JSON array.")
  var json = false

  @Flag(help: "add: ask twice for a passphrase.")
  var passphrase = false

  @Option(help: ArgumentHelp("add: use this key file, created if missing.", valueName: "path"), completion: .file())
  var keyFile: String?

  @Option(
    help: ArgumentHelp(
      "add: use the first line this command prints.", valueName: "command"))
  var passphraseCommand: String?

  @Argument(help: "list, add or remove.")
  var action: Action = .list

  @Argument(help: "remove: the slot's number from list.")
  var number: Int64?

  enum Action: String, ExpressibleByArgument, CaseIterable {
    case list
    case add
    case remove
  }

  func validate() throws {
    let sources = [passphrase, keyFile != nil, passphraseCommand != nil].count(where: \.self)
    switch action {
    case .list:
      guard sources == 0, number == nil else { throw ValidationError("slots list accepts only --json") }
    case .add:
      guard sources == 1, number == nil, !json else {
        throw ValidationError("slots add requires one of --passphrase, --key-file and --passphrase-command")
      }
    case .remove:
      guard sources == 0, number != nil, !json else { throw ValidationError("slots remove requires the slot's number") }
    }
  }

  func run() throws {
    let context = try SyncContext()
    switch action {
    case .list: try list(context)
    case .add: try add(context)
    case .remove: try remove(context)
    }
  }

  private func list(_ context: SyncContext) throws {
    let file = try VaultFile(in: context.directory, access: .reading)
    let lines = try file.slots().map { SlotLine($0, context.configuration) }
    if json {
      print("[" + lines.map { $0.json.exposedText() ?? "{}" }.joined(separator: ",") + "]")
    } else {
      for line in lines { print(line.text) }
    }
  }

  private func add(_ context: SyncContext) throws {
    let terminal = TerminalPrompt()
    defer { terminal?.finish() }
    let (vault, _) = try context.authenticatedVault()
    let slots = try vault.slots()
    try refuseDuplicate(among: slots)
    let key = try NewVaultKey(
      keyFile: keyFile, command: passphraseCommand, terminal: terminal, configuration: context.configuration)
    let new = try key.slot()
    try key.writeCommand()
    let slot = try vault.addSlot(new)
    context.diagnostics.notice("added slot \(slot.id)")
  }

  /// Refuses the same file or command twice; several passphrases are allowed.
  private func refuseDuplicate(among slots: [KeySlot]) throws {
    if let keyFile {
      let path = try NewVaultKey.absolutePath(keyFile)
      if let slot = slots.first(where: { $0.source == .keyFile(path: path) }) {
        throw UserFacingError("slot \(slot.id) already has this key file", exitCode: .failure)
      }
    } else if let passphraseCommand {
      let source = try KeySlot.Source.command(running: passphraseCommand)
      for slot in slots where slot.source.name == source.name {
        throw UserFacingError(
          slot.source == source
            ? "slot \(slot.id) already has this command"
            : "slot \(slot.id) has another command, and there can be only one",
          hints: slot.source == source ? [] : ["remove it first: lockwise-sync slots remove \(slot.id)"],
          exitCode: .failure
        )
      }
    }
  }

  private func remove(_ context: SyncContext) throws {
    guard let number else { return }
    let (vault, _) = try context.authenticatedVault()
    let slot = try vault.slots().first { $0.id == number }
    try vault.removeSlot(id: number)
    context.diagnostics.notice("removed slot \(number)")
    switch slot?.source {
    case .keyFile(let path): context.diagnostics.hint("delete the key file if nothing else needs it: \(path)")
    case .command:
      context.diagnostics.hint("remove unlock-command from the configuration file if nothing else needs it")
    case .passphrase, nil: break
    }
  }
}
