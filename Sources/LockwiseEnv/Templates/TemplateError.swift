import LockwiseCore

/// The reason why a text is not a template.
struct TemplateError: Error, Equatable {
  /// The kinds of faults.
  enum Fault: Equatable {
    /// A reference is not valid.
    case reference(ReferenceError, text: String)
    /// `{{ lockwise://` has no `}}` in its line.
    case unterminated
    /// There is no such conversion.
    case unknownFilter(String)
  }

  /// The fault.
  let fault: Fault
  /// The number of line feeds before it in the text.
  let line: Int

  /// Returns the error as a program shows it.
  ///
  /// - Parameters:
  ///   - source: where the text was given.
  ///   - name: the name of the variable; empty if there is none.
  func userFacing(_ source: NamedTemplate.Source, _ name: String) -> UserFacingError {
    let label = source.label(name, line: line).map { " for \($0)" } ?? ""
    switch fault {
    case .reference(let error, let text):
      return UserFacingError("cannot use \(text)\(label): \(error.reason)", hint: error.hint, exitCode: .usage)
    case .unterminated:
      return UserFacingError(
        "cannot read a reference\(label): {{ \(Reference.scheme) has no }} in its line", exitCode: .usage)
    case .unknownFilter(let filter):
      let names = TemplateFilter.allCases.map(\.rawValue).joined(separator: ", ")
      return UserFacingError(
        "cannot convert a reference\(label): there is no filter \(filter)",
        hints: ["use one of: \(names)", "write a | in a reference as %7C"], exitCode: .usage)
    }
  }
}

extension ReferenceError {
  /// The reason in a few words.
  var reason: String {
    switch self {
    case .noScheme: "it does not begin with \(Reference.scheme)"
    case .noHost: "there is no host"
    case .invalidHost: "no login can have this host"
    case .tooManySegments: "it has more parts than host, user and field"
    case .lonePercentSign: "% without two hexadecimal digits"
    case .questionMark: "? has no meaning"
    case .numberSign: "# without digits, or not after the user"
    case .noField: "there is no field after the last slash"
    case .notUTF8: "it is not UTF-8"
    case .containsNUL: "it contains a NUL byte"
    case .invalidVariable: "${ without a name and }"
    case .unsetVariable(let name): "\(name) is not set"
    }
  }

  /// What the user can do; `nil` if the reason shows it.
  var hint: String? {
    switch self {
    case .lonePercentSign: "write a % of a name as %25"
    case .questionMark: "write a ? of a name as %3F"
    case .numberSign: "write a # of a name as %23"
    case .tooManySegments: "write a / of a name as %2F"
    case .unsetVariable(let name): "set it, or write ${\(name):-TEXT}"
    case .invalidHost, .noHost, .noScheme: "list the references of your logins: lockwise-env ref"
    default: nil
    }
  }
}
