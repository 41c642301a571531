/// The sub-commands and their names.
enum CommandTable {
  /// Returns the command called `name`; `nil` if there is none.
  static func command(named name: String) -> (any PassCommand.Type)? {
    switch name {
    case "show", "ls", "list": ShowCommand.self
    case "insert", "add": InsertCommand.self
    case "rm", "delete", "remove": RemoveCommand.self
    case "mv", "rename": MoveCommand.self
    case "cp", "copy": CopyCommand.self
    case "grep": GrepCommand.self
    case "git": GitCommand.self
    case "init": InitCommand.self
    case "sync": SyncCommand.self
    case "help", "--help", "-h": HelpCommand.self
    case "version", "--version": VersionCommand.self
    default: laterCommand(named: name)
    }
  }

  /// Returns whether a command only informs about the program.
  static func isInformation(_ name: String) -> Bool {
    switch command(named: name) {
    case is HelpCommand.Type, is VersionCommand.Type: true
    default: false
    }
  }

  /// Returns the commands beyond those of pass.
  private static func laterCommand(named name: String) -> (any PassCommand.Type)? {
    switch name {
    case "find", "search": FindCommand.self
    case "generate": GenerateCommand.self
    case "otp": OTPCommand.self
    case "audit": AuditCommand.self
    case "edit": EditCommand.self
    case "pick": PickCommand.self
    case "shadow": ShadowCommand.self
    case "history": HistoryCommand.self
    case "tail": TailCommand.self
    default: nil
    }
  }
}
