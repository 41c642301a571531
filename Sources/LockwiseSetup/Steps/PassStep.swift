import Glibc
import LockwiseCLI
import LockwiseCore

/// pass, which runs `lockwise-pass` as an extension (pass(1), EXTENSIONS).
struct PassStep: SetupStep {
  private static let helper = "lockwise-pass"
  private static let enabling = "PASSWORD_STORE_ENABLE_EXTENSIONS"

  /// The extension: that of `contrib/pass-extension` without its comments.
  package static let extensionText = """
    #!/usr/bin/env bash
    # Written by lockwise-sync setup; lockwise-sync unsetup removes it.
    exec -a "${PROGRAM:-pass} lockwise" lockwise-pass "$@"

    """

  let name = StepName.pass
  let context: SetupContext

  var manualChange: String {
    "add export \(Self.enabling)=true to the start file of your shell, and put the extension into \(folder)"
  }

  private var store: String { context.environment["PASSWORD_STORE_DIR"] ?? context.home + "/.password-store" }
  private var folder: String { context.environment["PASSWORD_STORE_EXTENSIONS_DIR"] ?? store + "/.extensions" }
  private var path: String { folder + "/lockwise.bash" }

  private var block: StartFileBlock {
    StartFileBlock(context: context, step: name, variables: [(name: Self.enabling, value: "true")], program: nil)
  }

  /// Whether pass runs extensions of the user, now or from the next login on.
  private var blockState: StartFileBlock.State {
    if context.environment[Self.enabling] == "true" { return .present(Self.enabling) }
    return block.state { $0 == "true" }
  }

  func state() -> StepState {
    guard let pass = context.search.find("pass") else { return .missing(program: "pass") }
    guard context.program(Self.helper) != nil else { return .missing(program: Self.helper) }
    let target = Self.resolved(pass)
    if target.hasSuffix("/" + Self.helper) { return .setUp("\(context.shown(pass)) is \(Self.helper)") }
    // The folder of the system's extensions, in the prefix of pass.
    let prefix = target.split(separator: "/").dropLast(2).map { "/" + $0 }.joined()
    let system = prefix + "/lib/password-store/extensions/lockwise.bash"
    if ProgramSearch.isExecutable(system) { return .setUp(system) }
    guard access(store, F_OK) == 0 else {
      return .unavailable("you have no password store; \(Self.helper) works without one")
    }
    guard context.environment["PASSWORD_STORE_SIGNING_KEY"] == nil else {
      return .unavailable("PASSWORD_STORE_SIGNING_KEY is set, so pass runs only extensions that you signed")
    }
    return ownState()
  }

  private func ownState() -> StepState {
    do throws(UserFile.Failure) {
      guard let text = try UserFile(path).content else { return .notSetUp }
      guard String(decoding: text.bytes, as: UTF8.self).contains(Self.helper) else {
        return .other(context.shown(path))
      }
    } catch {
      return .unavailable("cannot read \(context.shown(error.path)): \(error.reason)")
    }
    switch blockState {
    case .present: return .setUp(context.shown(path))
    case .absent: return .notSetUp
    case .unusable(let reason): return .unavailable(reason)
    }
  }

  private static func resolved(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  func proposal() -> String {
    var parts: [String] = []
    if access(path, F_OK) != 0 { parts.append("writes \(context.shown(path))") }
    if blockState == .absent { parts.append("adds \(block.description)") }
    return parts.joined(separator: " and ") + ": pass lockwise runs \(Self.helper)"
  }

  func apply() throws -> [String] {
    if case .unusable(let reason) = blockState { throw UserFacingError(reason, exitCode: .failure) }
    if blockState == .absent { try block.add() }
    let file = try UserFile(path)
    if file.content == nil {
      let insertion = TextInsertion(position: 0, bytes: Array(Self.extensionText.utf8))
      try context.add(insertion, to: file, as: .program, for: name)
    }
    return []
  }

  func revert(_ change: SetupChange) throws -> Reversion {
    // An extension that was edited is the user's.
    change.path == path ? try context.remove(change) { _ in nil } : try block.revert(change)
  }
}
