import Glibc
import LockwiseCLI
import LockwiseCore

/// direnv, which reads every library in its configuration folder (direnv-stdlib(1)).
struct DirenvStep: SetupStep {
  let name = StepName.direnv
  let context: SetupContext

  private var folder: String {
    context.environment["DIRENV_CONFIG"] ?? (context.configurationFolder + "/direnv")
  }
  private var path: String { folder + "/lib/lockwise.sh" }

  /// The library of this installation; `nil` if it is not installed.
  private var library: String? {
    context.shareFolders.map { $0 + "/direnv/lockwise.sh" }.first { access($0, R_OK) == 0 }
  }

  var manualChange: String {
    "link it yourself: ln -s \(library ?? "/usr/share/lockwise/direnv/lockwise.sh") \(context.shown(folder))/lib/"
  }

  /// The file that reads the library, if it is there.
  private static func text(_ library: String) -> String {
    let word = ShellText.quoted(library, .posix)
    return """
      # Written by lockwise-sync setup; lockwise-sync unsetup removes it.
      if [ -r \(word) ]; then
        source \(word)
      fi

      """
  }

  func state() -> StepState {
    guard context.search.find("direnv") != nil else { return .missing(program: "direnv") }
    guard context.program("lockwise-env") != nil else { return .missing(program: "lockwise-env") }
    do throws(UserFile.Failure) {
      if let content = try UserFile(path).content { return state(content) }
      let own = try UserFile(folder + "/direnvrc").text
      if Self.isLibrary(own) { return .setUp(context.shown(folder + "/direnvrc")) }
    } catch {
      return error.problem == .danglingLink
        ? .other("\(context.shown(path)), a link to a missing file")
        : .unavailable("cannot read \(context.shown(error.path)): \(error.reason)")
    }
    return library == nil ? .unavailable("its library is not installed") : .notSetUp
  }

  private func state(_ content: SecretBytes) -> StepState {
    if let library, content == SecretBytes(utf8: Self.text(library)) { return .setUp(context.shown(path)) }
    if isOutdated(content) { return library == nil ? .unavailable("its library is not installed") : .notSetUp }
    return Self.isLibrary(content) ? .setUp(context.shown(path)) : .other(context.shown(path))
  }

  /// Whether a file is the library, or reads it.
  private static func isLibrary(_ text: SecretBytes) -> Bool {
    let text = String(decoding: text.bytes, as: UTF8.self)
    return text.contains("use_lockwise()") || text.contains("direnv/lockwise.sh")
  }

  /// Whether a file is that of an earlier setup, whose library was elsewhere.
  private func isOutdated(_ content: SecretBytes) -> Bool {
    (try? context.record.load())?.changes.contains { change in
      change.step == name.rawValue && change.path == path && change.insertion?.bytes == content.bytes
    } ?? false
  }

  func proposal() -> String { "writes \(context.shown(path)): use lockwise in .envrc sets variables from the vault" }

  func apply() throws -> [String] {
    guard let library else { throw UserFacingError("cannot find the library for direnv", exitCode: .failure) }
    try context.removeEarlier(name, path) { _ in nil }
    let insertion = TextInsertion(position: 0, bytes: Array(Self.text(library).utf8))
    try context.add(insertion, to: UserFile(path), as: .shared, for: name)
    return []
  }

  func revert(_ change: SetupChange) throws -> Reversion {
    try context.remove(change) { change.insertion?.found(in: $0) }
  }
}

extension SecretBytes {
  /// The bytes in ordinary memory. Not for secrets.
  var bytes: [UInt8] { withUnsafeBytes { Array($0) } }
}
