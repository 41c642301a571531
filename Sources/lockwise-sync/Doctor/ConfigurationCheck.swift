import LockwiseCLI
import LockwiseCore

/// Checks the settings, their sources and the configuration file.
struct ConfigurationCheck {
  private(set) var findings: [Finding] = []
  /// Every setting as a JSON object: `name`, `variable`, `value` (null if it is not set), `source`, and for one from
  /// the file `path` and `line`.
  let settings: [SecretBytes]

  init(_ configuration: Configuration) {
    settings = Setting.all.map { Self.json($0, configuration) }
    findings.append(Self.file(configuration.file))
    for problem in configuration.file.problems {
      findings.append(.warn("configuration", "\(problem)", "correct the line; see lockwise-config(5)"))
    }
    for setting in Setting.all { findings += Self.finding(setting, configuration) }
  }

  private static func file(_ file: ConfigurationFile) -> Finding {
    if let refusal = file.refusal {
      let shown = refusal.userFacingError
      return .fail("configuration", shown.message, shown.hints.first)
    }
    guard let path = file.path else {
      return .warn("configuration", "cannot find it: neither XDG_CONFIG_HOME nor HOME is an absolute path", nil)
    }
    return .ok("configuration", path + (file.isEmpty ? " (nothing set)" : ""))
  }

  private static func finding(_ setting: Setting, _ configuration: Configuration) -> [Finding] {
    guard let value = configuration.value(setting.variable) else { return [] }
    let text = "\(setting.name) = \(value)"
    switch configuration.source(setting.variable) {
    case .environment:
      if let complaint = setting.complaint(about: value) {
        return [.warn("setting", "\(setting.variable): \(complaint): \(value)", "correct or unset it")]
      }
      return [.ok("setting", "\(text) (\(setting.variable) in the environment)")]
    case .file(let path, let line): return [.ok("setting", "\(text) (\(path):\(line))")]
    case .fallback: return []
    }
  }

  private static func json(_ setting: Setting, _ configuration: Configuration) -> SecretBytes {
    var writer = JSONObjectWriter()
    writer.member("name", setting.name)
    writer.member("variable", setting.variable)
    if let value = configuration.value(setting.variable) {
      writer.member("value", value)
    } else {
      writer.memberNull("value")
    }
    switch configuration.source(setting.variable) {
    case .environment: writer.member("source", "environment")
    case .file(let path, let line):
      writer.member("source", "file")
      writer.member("path", path)
      writer.member("line", Int64(line))
    case .fallback: writer.member("source", "default")
    }
    return writer.finish()
  }
}
