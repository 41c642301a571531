import LockwiseCore

extension Template {
  /// Makes the template of a value: a reference to its end if it begins with `lockwise://`, else a text with `{{ }}`.
  ///
  /// - Parameter environment: the variables that references may contain.
  static func value(_ text: SecretBytes, _ environment: Environment) throws(TemplateError) -> Template {
    let isReference = text.withUnsafeBytes { Reference.begins($0) }
    return isReference ? try reference(text, environment) : try template(text, environment)
  }

  /// Makes the template of a reference, whose `lockwise://` may be left out.
  ///
  /// - Parameter environment: the variables that the reference may contain.
  static func reference(_ text: SecretBytes, _ environment: Environment) throws(TemplateError) -> Template {
    let bytes = text.withUnsafeBytes { Array($0) }
    return Template(parts: [
      .reference(try Placeholder(bytes, needsScheme: false, filters: [], line: 0, environment))
    ])
  }

  /// Makes the template of a text with `{{ lockwise://… }}`.
  ///
  /// - Parameter environment: the variables that references may contain.
  static func template(_ text: SecretBytes, _ environment: Environment) throws(TemplateError) -> Template {
    var parts: [Part] = []
    var position = 0
    var line = 0
    while let found = try PlaceholderText(in: text, from: position, line: line) {
      if found.range.lowerBound > position { parts.append(.literal(text[position..<found.range.lowerBound])) }
      parts.append(.reference(try found.placeholder(environment)))
      position = found.range.upperBound
      line = found.line
    }
    if position < text.count { parts.append(.literal(text[position..<text.count])) }
    return Template(parts: parts)
  }
}

extension Template.Placeholder {
  /// Parses a reference.
  ///
  /// - Parameters:
  ///   - bytes: the reference as it is written.
  ///   - needsScheme: whether `lockwise://` must be there.
  ///   - filters: the conversions.
  ///   - line: the number of line feeds before it.
  ///   - environment: the variables that it may contain.
  init(
    _ bytes: [UInt8], needsScheme: Bool, filters: [TemplateFilter], line: Int, _ environment: Environment
  ) throws(TemplateError) {
    let shown = String(decoding: bytes, as: UTF8.self)
    text = Reference.begins(bytes) || needsScheme ? shown : "\(Reference.scheme)" + shown
    self.filters = filters
    self.line = line
    do throws(ReferenceError) {
      let replaced = try ReferenceVariables(environment: environment).replaced(in: bytes)
      reference = try Reference(parsing: replaced, needsScheme: needsScheme)
    } catch {
      throw TemplateError(fault: .reference(error, text: text), line: line)
    }
  }
}
