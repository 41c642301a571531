import Glibc
import LockwiseCLI
import LockwiseCore
import LockwiseGit

/// git, whose configuration names its credential helpers.
struct GitStep: SetupStep {
  private static let helper = "git-credential-lockwise"
  private static let key = "credential.helper"

  let name = StepName.git
  let context: SetupContext

  var manualChange: String { "add this setting yourself: \(Self.key) = lockwise" }

  /// The user's configuration of git, as `git config --global` chooses it (git-config(1), FILES).
  private var path: String {
    if let path = context.environment["GIT_CONFIG_GLOBAL"] { return path }
    let own = context.home + "/.gitconfig"
    let other = context.configurationFolder + "/git/config"
    return access(own, R_OK) != 0 && access(other, R_OK) == 0 ? other : own
  }

  func state() -> StepState {
    guard context.search.find("git") != nil else { return .missing(program: "git") }
    guard context.program(Self.helper) != nil else { return .missing(program: Self.helper) }
    guard let listing = try? git(["-z", "--show-origin", "--get-regexp", #"^credential\.(.*\.)?helper$"#]) else {
      return .unavailable("git cannot read its configuration")
    }
    let own = GitHelperChain(listing: listing).helpers.first { $0.isLockwise && $0.url == nil }
    guard let own else { return .notSetUp }
    let file = own.origin.hasPrefix("file:") ? context.shown(String(own.origin.dropFirst(5))) : own.origin
    return .setUp(file)
  }

  func proposal() -> String {
    "adds \(Self.key) = lockwise to \(context.shown(path)): git asks the vault for passwords, and saves new ones there"
  }

  func apply() throws -> [String] {
    guard let program = context.program(Self.helper) else {
      throw UserFacingError("cannot find \(Self.helper)", exitCode: .failure)
    }
    let file = try UserFile(path)
    try file.checkWritable()
    let before = try values()
    var change = SetupChange(step: name.rawValue, path: path)
    change.isNewFile = file.content == nil
    // For the case that this run is interrupted. git may add a line feed at the end of the last line.
    change.formerCount = file.text.count
    change.formerDigest = try Self.digest(file.text)
    change.value = context.search.find(Self.helper) == nil ? GitHelperChain.Helper.value(path: program) : "lockwise"
    let pending = change
    try context.record.update { $0.changes.append(pending) }
    let lines: [String]
    do {
      lines = try configure(program)
      let content = try UserFile(path).text
      change.insertion = TextInsertion(from: file.text, to: content)
      change.digest = try Self.digest(content)
      change.value = try values().last { !before.contains($0) } ?? change.value
    } catch {
      try? context.record.update { record in record.changes.removeAll { $0 == pending } }
      throw error
    }
    (change.formerCount, change.formerDigest) = (nil, nil)
    let made = change
    try context.record.update { record in record.changes = record.changes.map { $0 == pending ? made : $0 } }
    return lines
  }

  /// Runs the helper's own command.
  ///
  /// - Returns: its warnings. What it reports otherwise is left out.
  private func configure(_ program: String) throws -> [String] {
    let (ending, output) = try ChildProcess.exchange(
      with: program, ["configure"], environment: context.environment, errors: .collected, timeout: 30_000)
    let lines = (output.exposedText() ?? "").split(separator: "\n").map(String.init)
      .filter { !$0.hasPrefix("\(Self.helper): notice: ") }
    guard ending == .exited(0) else {
      throw UserFacingError(
        "cannot change git's configuration", hints: lines.map(PrintableText.of), exitCode: .failure)
    }
    return lines
  }

  /// The helpers in the user's file.
  private func values() throws -> [String] {
    let output = try git(["-z", "--global", "--get-all", Self.key])
    return output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Runs `git config` where no repository has settings of its own.
  private func git(_ arguments: [String], allowing silent: Int32 = 1) throws -> [UInt8] {
    // `git config` reads the file named by this variable, unlike git itself.
    let environment = context.environment.setting("GIT_CONFIG", to: nil)
    let run = try? ChildProcess.exchange(
      with: "git", ["config"] + arguments, environment: environment, errors: .discarded, limit: 1 << 20,
      timeout: 10_000)
    guard let run, run.ending == .exited(0) || run.ending == .exited(silent) else {
      throw UserFacingError("git cannot read or change its configuration", exitCode: .failure)
    }
    return run.output.withUnsafeBytes { Array($0) }
  }

  func revert(_ change: SetupChange) throws -> Reversion {
    guard let path = change.path else { return .gone("nothing was recorded") }
    let content = try UserFile(path).content
    let digest = try content.map(Self.digest)
    if digest != nil, digest == change.digest, change.insertion != nil {
      return try context.remove(change) { _ in nil }
    }
    // git knows whether the section is still needed.
    guard content != nil, let value = change.value, try values().contains(value) else {
      return .gone("nothing of it is left in \(context.shown(path))")
    }
    _ = try git(["--global", "--fixed-value", "--unset-all", Self.key, value], allowing: 5)
    let file = try UserFile(path)
    if change.isNewFile, file.text.isBlank {
      try file.remove()
      return .undone("removed \(context.shown(path))")
    }
    if let count = change.formerCount, count < file.text.count,
      try Self.digest(file.text[0..<count]) == change.formerDigest
    {
      try file.write(file.text[0..<count], as: .shared)
      return .undone("restored \(context.shown(path))")
    }
    return .undone("removed from \(context.shown(path))")
  }

  private static func digest(_ text: SecretBytes) throws -> HexBytes {
    HexBytes(try text.withUnsafeBytes { try SHA256.hash($0) })
  }
}
