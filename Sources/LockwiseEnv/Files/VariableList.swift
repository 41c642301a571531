import LockwiseCLI
import LockwiseCore

/// The variables of files of references and of arguments `NAME=VALUE`.
///
/// Of several with one name the last one is used: files in their order, then arguments. The order is that in which the
/// names appear first.
struct VariableList {
  /// The variables.
  let templates: [NamedTemplate]

  /// A variable before its value is parsed: one that a later one replaces need not be valid.
  private struct Given {
    let name: String
    let value: SecretBytes
    let source: NamedTemplate.Source
  }

  /// Reads files and arguments.
  ///
  /// - Parameters:
  ///   - files: paths; `-` means standard input.
  ///   - arguments: `NAME=VALUE`.
  /// - Throws: `UserFacingError` if a file cannot be read, or for anything that is not valid. It shows no value.
  init(files: [[UInt8]], arguments: [[UInt8]], _ context: EnvContext) throws {
    var given: [Given] = []
    for file in files { given += try Self.variables(of: InputFile(path: file), context) }
    for argument in arguments { given.append(try Self.variable(argument)) }
    var positions: [String: Int] = [:]
    var last: [Given] = []
    for variable in given {
      if let position = positions[variable.name] {
        last[position] = variable
      } else {
        positions[variable.name] = last.count
        last.append(variable)
      }
    }
    templates = try last.map {
      try NamedTemplate(value: $0.value, for: $0.name, $0.source, context.environment)
    }
  }

  private static func variables(of file: InputFile, _ context: EnvContext) throws -> [Given] {
    let text = try file.read(context)
    do throws(ReferenceFile.Failure) {
      return try ReferenceFile(parsing: text).variables.map {
        Given(name: $0.name, value: $0.value, source: .file(file.shown, line: $0.line))
      }
    } catch {
      throw UserFacingError("cannot read \(file.shown), line \(error.line): \(error.fault.reason)", exitCode: .usage)
    }
  }

  private static func variable(_ argument: [UInt8]) throws -> Given {
    guard let end = argument.firstIndex(of: UInt8(ascii: "=")) else {
      throw UserFacingError("an argument is not NAME=VALUE", exitCode: .usage)
    }
    let name = String(decoding: argument[..<end], as: UTF8.self)
    guard VariableName.isValid(argument[..<end]) else {
      throw UserFacingError(
        "cannot set \(name): it is not the name of a variable", hint: "use letters, digits and _, and no digit first",
        exitCode: .usage)
    }
    return Given(name: name, value: SecretBytes(copying: argument[(end + 1)...]), source: .argument)
  }
}
