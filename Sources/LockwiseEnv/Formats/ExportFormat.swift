import LockwiseCore

/// A format of `export`.
enum ExportFormat: String, CaseIterable, Sendable {
  /// For dash, bash, zsh, ksh and every other POSIX shell.
  case sh
  /// For fish.
  case fish
  /// For elvish.
  case elvish
  /// One JSON object.
  case json
  /// `NAME=VALUE`, each with a NUL at its end.
  case null
  /// For the file `$GITHUB_ENV`.
  case github
  /// For `docker run --env-file`.
  case docker
  /// For readers of `.env` files.
  case dotenv

  /// Whether a shell evaluates the output.
  var isShell: Bool { [.sh, .fish, .elvish].contains(self) }

  /// The line that makes a shell notice the failure, which `eval` of an empty text would hide; `nil` for other formats.
  var failureText: String? {
    switch self {
    case .sh, .fish: "false\n"
    case .elvish: "fail lockwise-env\n"
    default: nil
    }
  }

  /// Returns the line that removes a variable; `nil` for formats that no shell evaluates.
  ///
  /// - Parameter name: the name of a variable.
  func unsetting(_ name: String) -> String? {
    switch self {
    case .sh: "unset -v \(name)\n"
    case .fish: "set -eg \(name)\n"
    case .elvish: "unset-env \(name)\n"
    default: nil
    }
  }

  /// Returns the text that sets variables.
  ///
  /// - Parameters:
  ///   - values: the variables.
  ///   - random: the source of delimiters.
  /// - Throws: `ExportError` with each variable that the format cannot express.
  func text(_ values: [ResolvedValue], random: some RandomSource) throws -> SecretBytes {
    let faults = values.compactMap { value in fault(of: value).map { ExportError.Refusal(name: value.name, fault: $0) }
    }
    guard faults.isEmpty else { throw ExportError(refusals: faults) }
    guard self != .json else { return ExportText.json(values) }
    var builder = SecretBuilder(capacity: 4096)
    for value in values {
      switch self {
      case .sh: ExportText.line("export \(value.name)=", ShellWord.posix.quote(value.bytes), to: &builder)
      case .fish: ExportText.line("set -gx \(value.name) ", ShellWord.fish.quote(value.bytes), to: &builder)
      case .elvish: ExportText.line("set-env \(value.name) ", ShellWord.elvish.quote(value.bytes), to: &builder)
      case .null: ExportText.line(value.name + "=", value.bytes, end: "\0", to: &builder)
      case .github: try ExportText.github(value, random: random, to: &builder)
      case .docker: ExportText.line(value.name + "=", value.bytes, to: &builder)
      case .dotenv: ExportText.dotenv(value, to: &builder)
      case .json: break
      }
    }
    return builder.finish()
  }

  private func fault(of value: ResolvedValue) -> ExportError.Fault? {
    let fault = value.bytes.withUnsafeBytes { bytes -> ExportError.Fault? in
      if self != .json, bytes.contains(0) { return .containsNUL }
      if ![.sh, .fish, .null].contains(self), !UTF8Text.isValid(bytes) { return .notUTF8 }
      switch self {
      case .docker: return bytes.contains { $0 == 0x0A || $0 == 0x0D } ? .lineBreak : nil
      case .dotenv: return ExportText.isAmbiguousInDotenv(bytes) ? .ambiguous : nil
      default: return nil
      }
    }
    return fault ?? (isShell && !value.fitsEnvironment ? .tooLong : nil)
  }
}
