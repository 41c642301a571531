import ArgumentParser
import LockwiseCore

struct SlotsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slots", abstract: "List, add or remove what opens the vault.",
    discussion: """
      A slot is one way to the vault's key: a passphrase, a key file, or the output of the unlock command. Each opens the \
      vault by itself. Adding and removing one needs a present credential: the passphrase is asked for, unless a key file or \
      the unlock command opens the vault. An unlocked vault is not enough.
      """)

  @Flag(help: "list: print a JSON array.")
  var json = false

  @Flag(help: "add: a passphrase, asked for twice.")
  var passphrase = false

  @Option(help: ArgumentHelp("add: a key file; made if it does not exist.", valueName: "path"))
  var keyFile: String?

  @Option(
    help: ArgumentHelp(
      "add: the first line that this shell command prints; written to the configuration file.", valueName: "command"))
  var passphraseCommand: String?

  @Argument(help: "list, add or remove.")
  var action: Action = .list

  @Argument(help: "remove: the slot's number, as list prints it.")
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
      guard sources == 0, number == nil else { throw ValidationError("slots list accepts --json and nothing else") }
    case .add:
      guard sources == 1, number == nil, !json else {
        throw ValidationError("slots add needs one of --passphrase, --key-file and --passphrase-command")
      }
    case .remove:
      guard sources == 0, number != nil, !json else { throw ValidationError("slots remove needs the slot's number") }
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
    context.diagnostics.notice("slot \(slot.id) is added")
  }

  /// Several passphrases make sense, the same file or command twice does not.
  private func refuseDuplicate(among slots: [KeySlot]) throws {
    if let keyFile {
      let path = try NewVaultKey.absolutePath(keyFile)
      if let slot = slots.first(where: { $0.source == .keyFile(path: path) }) {
        throw UserFacingError("slot \(slot.id) has this key file already", exitCode: .failure)
      }
    } else if let passphraseCommand {
      let source = try KeySlot.Source.command(running: passphraseCommand)
      for slot in slots where slot.source.name == source.name {
        throw UserFacingError(
          slot.source == source
            ? "slot \(slot.id) has this command already" : "slot \(slot.id) has another command; there can be one only",
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
    context.diagnostics.notice("slot \(number) is removed")
    switch slot?.source {
    case .keyFile(let path): context.diagnostics.hint("the key file is not deleted: \(path)")
    case .command: context.diagnostics.hint("the configuration file still has the unlock command")
    case .passphrase, nil: break
    }
  }
}
