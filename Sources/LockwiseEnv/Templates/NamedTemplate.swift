import LockwiseCore

/// A template and what it is for.
struct NamedTemplate: Sendable {
  /// Where a template was given.
  enum Source: Hashable, Sendable {
    /// In an argument `NAME=VALUE` or in an inherited variable.
    case argument
    /// In a line of a file of references.
    case file(String, line: Int)
    /// The template is the whole file.
    case template(String)
    /// The template is a reference by itself, and has no name.
    case reference

    /// Returns what a reference is for, for messages; `nil` if there is nothing to add to the reference itself.
    ///
    /// - Parameters:
    ///   - name: the name of the variable.
    ///   - line: the number of line feeds before the reference.
    func label(_ name: String, line: Int) -> String? {
      switch self {
      case .argument: name
      case .file(let path, let first): "\(name) (\(path), line \(first + line))"
      case .template(let path): "\(path), line \(line + 1)"
      case .reference: nil
      }
    }
  }

  /// The name of the variable; empty if there is none.
  let name: String
  /// The value.
  let template: Template
  /// Where it was given, for messages.
  let source: Source

  /// Makes a template from its parts.
  init(name: String, template: Template, source: Source) {
    self.name = name
    self.template = template
    self.source = source
  }

  /// Makes the template of an argument that is a reference, such as those of `read` and `run --file`.
  ///
  /// - Parameters:
  ///   - text: the reference; `lockwise://` may be left out.
  ///   - name: the name of the variable; empty if there is none.
  /// - Throws: `UserFacingError` if it is not a reference.
  init(reference text: [UInt8], for name: String, _ environment: Environment) throws(UserFacingError) {
    let source: Source = name.isEmpty ? .reference : .argument
    do throws(TemplateError) {
      self.init(name: name, template: try .reference(SecretBytes(copying: text), environment), source: source)
    } catch {
      throw error.userFacing(source, name)
    }
  }

  /// Makes the template of a value, such as that of an inherited variable.
  ///
  /// - Parameters:
  ///   - value: the value: a reference if it begins with `lockwise://`, else a text with `{{ }}`.
  ///   - name: the name of the variable.
  ///   - source: where it was given.
  /// - Throws: `UserFacingError` if it is not valid.
  init(
    value: SecretBytes, for name: String, _ source: Source, _ environment: Environment
  ) throws(UserFacingError) {
    do throws(TemplateError) {
      self.init(name: name, template: try .value(value, environment), source: source)
    } catch {
      throw error.userFacing(source, name)
    }
  }
}
