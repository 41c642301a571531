import LockwiseCLI
import LockwiseCore

/// The arguments of `run`: the command, and what it gets.
struct RunRequest {
  private let command: [[UInt8]]
  private let isClean: Bool
  private let makesFiles: Bool
  private let inherited: InheritedVariables
  /// The variables: inherited references, files of references, arguments.
  private let variables: [NamedTemplate]
  /// The variables of `--file`.
  private let files: [NamedTemplate]
  /// The standard input.
  private let input: NamedTemplate?

  /// Everything to resolve.
  var templates: [NamedTemplate] { variables + files + [input].compactMap(\.self) }

  /// Whether there is no reference to resolve, but inherited variables are references.
  var ignoresReferences: Bool {
    templates.allSatisfy { $0.template.placeholders.isEmpty } && !inherited.references.isEmpty
  }

  /// Reads the arguments and the files of references.
  ///
  /// - Throws: `UserFacingError`.
  init(_ arguments: ParsedArguments, _ context: EnvContext) throws {
    guard !arguments.program.isEmpty else {
      throw UserFacingError(
        "the command is missing", hint: "see lockwise-env run --help", exitCode: .usage)
    }
    command = arguments.program
    isClean = arguments.has("clean")
    makesFiles = arguments.has("files")
    inherited = InheritedVariables(context.inherited)
    let given = try VariableList(files: arguments.values(of: "from"), arguments: arguments.operands, context).templates
    let names = Set(given.map(\.name))
    let references = arguments.has("inherited") ? inherited.references.filter { !names.contains($0.name) } : []
    variables =
      try references.map {
        try NamedTemplate(value: SecretBytes(copying: $0.value), for: $0.name, .argument, context.environment)
      } + given
    files = try arguments.values(of: "file").map { try Self.file($0, context.environment) }
    guard let last = arguments.values(of: "stdin").last else {
      input = nil
      return
    }
    guard arguments.values(of: "stdin").count == 1 else {
      throw UserFacingError("--stdin is given twice", exitCode: .usage)
    }
    input = try NamedTemplate(reference: last, for: "stdin", context.environment)
  }

  private static func file(_ text: [UInt8], _ environment: Environment) throws -> NamedTemplate {
    let parts = text.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, VariableName.isValid(parts[0]) else {
      throw UserFacingError(
        "--file needs NAME=REFERENCE, and NAME is letters, digits and _", exitCode: .usage)
    }
    return try NamedTemplate(
      reference: Array(parts[1]), for: String(decoding: parts[0], as: UTF8.self), environment)
  }

  /// Makes the command with the values of `templates`.
  ///
  /// - Throws: `UserFacingError` if a variable cannot have its value, or a file cannot be made.
  func prepare(_ values: [ResolvedValue], _ context: EnvContext) throws -> PreparedCommand {
    let given = values.prefix(variables.count)
    let isFile = { (value: ResolvedValue) in makesFiles && !value.secrets.isEmpty }
    let inFiles =
      given.filter(isFile).map { ("\($0.name)_FILE", $0.bytes) }
      + values.dropFirst(variables.count).prefix(files.count).map { ($0.name, $0.bytes) }
    let inVariables = given.filter { !isFile($0) }
    var names = Set(inVariables.map(\.name))
    for (name, _) in inFiles where !names.insert(name).inserted {
      throw UserFacingError("\(name) is set twice, once to the path of a file", exitCode: .usage)
    }
    for value in inVariables { try value.checkFitsEnvironment() }
    let maker = SecretFile(context.environment)
    return PreparedCommand(
      arguments: command,
      inherited: inherited.kept(
        replacing: Set((names.union(given.map(\.name))).map { Array($0.utf8) }), isClean: isClean),
      variables: inVariables.map { ($0.name, $0.bytes) },
      files: try inFiles.map { ($0.0, try maker.make($0.1)) },
      input: input == nil ? nil : try values.last.map { try maker.make($0.bytes) },
      state: context.inherited)
  }
}
