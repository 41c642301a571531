import LockwiseCLI
import LockwiseCore

/// A slot as `slots list`, `status` and `doctor` show it.
struct SlotLine {
  private let slot: KeySlot
  /// The path of a key file, the text of the command; `nil` if there is none, or it is not the configured command.
  let detail: String?
  /// Whether the slot needs another command than the configured one.
  let lacksCommand: Bool

  init(_ slot: KeySlot, _ configuration: Configuration) {
    self.slot = slot
    var detail: String?
    var lacksCommand = false
    switch slot.source {
    case .passphrase: break
    case .keyFile(let path): detail = path
    case .command:
      let command = configuration.unlockCommand
      let isConfigured = command.flatMap { try? KeySlot.Source.command(running: $0) } == slot.source
      detail = isConfigured ? command : nil
      lacksCommand = !isConfigured
    }
    self.detail = detail
    self.lacksCommand = lacksCommand
  }

  /// The kind, and the path or command.
  var description: String {
    let missing = lacksCommand ? "(not the configured unlock-command)" : nil
    return [slot.source.name, (detail ?? missing).map(PrintableText.of)].compactMap(\.self).joined(separator: " ")
  }

  /// The number and the description.
  var text: String { "\(slot.id)  \(description)" }

  /// An object of `id`, `kind`, and `path` or `command`, or null for a command that is not configured.
  var json: SecretBytes {
    var writer = JSONObjectWriter()
    writer.member("id", slot.id)
    writer.member("kind", slot.source.name)
    switch (slot.source, detail) {
    case (.passphrase, _): break
    case (.keyFile, let path?): writer.member("path", path)
    case (_, let command?): writer.member("command", command)
    case (_, nil): writer.memberNull("command")
    }
    return writer.finish()
  }
}
