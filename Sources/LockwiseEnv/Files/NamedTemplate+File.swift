import LockwiseCore

extension NamedTemplate {
  /// Reads a template from a file.
  ///
  /// - Throws: `UserFacingError` if it cannot be read or is not valid.
  init(file: InputFile, _ context: EnvContext) throws(UserFacingError) {
    let text = try file.read(context)
    do throws(TemplateError) {
      self.init(name: "", template: try .template(text, context.environment), source: .template(file.shown))
    } catch {
      throw error.userFacing(.template(file.shown), "")
    }
  }
}
