import LockwiseCore

/// The variables that a format cannot express.
struct ExportError: SeveralFailures, Equatable {
  /// A reason.
  enum Fault: Equatable {
    /// No variable can contain NUL.
    case containsNUL
    /// The format is text.
    case notUTF8
    /// Each variable is one line.
    case lineBreak
    /// Programs read it in different ways.
    case ambiguous
    /// No program can be started with it in its environment.
    case tooLong
  }

  /// A variable.
  struct Refusal: Equatable {
    /// The name.
    let name: String
    /// The reason.
    let fault: Fault
  }

  /// The variables, at least one.
  let refusals: [Refusal]

  /// The errors as a program shows them.
  var failures: [UserFacingError] {
    refusals.map {
      UserFacingError("cannot export \($0.name): \($0.fault.reason)", hint: $0.fault.hint, exitCode: .failure)
    }
  }
}

extension ExportError.Fault {
  fileprivate var reason: String {
    switch self {
    case .containsNUL: "the value contains a NUL byte"
    case .notUTF8: "the value is not UTF-8"
    case .lineBreak: "the value contains a line break"
    case .ambiguous: "readers of .env files disagree about a value with ' or \\ or ${ or a carriage return"
    case .tooLong: "with a value this long Linux starts no command"
    }
  }

  fileprivate var hint: String? {
    switch self {
    case .containsNUL: "pass it as a file: lockwise-env run --file"
    case .notUTF8: "use --format null"
    case .lineBreak: "use lockwise-env run, or --format json"
    case .ambiguous: "use --format json, or lockwise-env run"
    case .tooLong: "pass it as a file: lockwise-env run --file"
    }
  }
}
