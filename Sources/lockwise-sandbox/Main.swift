import ArgumentParser
import CLinux
import Foundation

/// Parses and runs; what goes wrong is reported in the suite's form.
@main
enum Main {
  static func main() async {
    lockwise_default_fatal_signals()
    do {
      let parsed = try SandboxCommand.parseAsRoot()
      if let command = parsed as? SandboxCommand {
        try await command.run()
      } else {
        var command = parsed
        try command.run()
      }
    } catch {
      exit(leave(error))
    }
  }

  private static func leave(_ error: any Error) -> Int32 {
    let status = SandboxCommand.exitCode(for: error)
    // A command that has reported everything itself.
    if error is ExitCode { return status.rawValue }
    if status.isSuccess {
      // Help or the version was requested.
      print(SandboxCommand.fullMessage(for: error))
      return status.rawValue
    }
    let message = SandboxCommand.message(for: error).split(separator: "\n").joined(separator: " ")
    let parts = message.components(separatedBy: " Did you mean ")
    SandboxCommand.report("error", lowered(parts[0]))
    if parts.count > 1 { SandboxCommand.report("hint", "did you mean " + parts[1]) }
    if status == .validationFailure { SandboxCommand.report("hint", "see lockwise-sandbox --help") }
    return status.rawValue
  }

  /// Lower case and without a full stop; a name in capitals stays as it is.
  private static func lowered(_ text: String) -> String {
    let plain = text.hasSuffix(".") ? String(text.dropLast()) : text
    guard let first = plain.first, plain.dropFirst().first?.isUppercase == false else { return plain }
    return first.lowercased() + plain.dropFirst()
  }
}
