/// The sub-commands and their names.
enum CommandTable {
  /// Returns the command called `name`; `nil` if there is none.
  static func command(named name: String) -> (any PassCommand.Type)? {
    switch name {
    case "show", "ls", "list": ShowCommand.self
    case "find", "search": FindCommand.self
    case "grep": GrepCommand.self
    case "insert", "add": InsertCommand.self
    case "edit": EditCommand.self
    case "generate": GenerateCommand.self
    case "rm", "delete", "remove": RemoveCommand.self
    case "mv", "rename": MoveCommand.self
    case "cp", "copy": CopyCommand.self
    case "git": GitCommand.self
    case "init": InitCommand.self
    case "otp": OTPCommand.self
    case "tail": TailCommand.self
    case "history": HistoryCommand.self
    case "audit": AuditCommand.self
    case "pick": PickCommand.self
    case "shadow": ShadowCommand.self
    case "sync": SyncCommand.self
    default: nil
    }
  }
}
