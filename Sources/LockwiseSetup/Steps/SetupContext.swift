import LockwiseCLI
import LockwiseCore

/// The user's home, the programs and the record that all steps share.
package struct SetupContext: Sendable {
  /// The environment variables.
  package let environment: Environment
  /// The home directory.
  package let home: String
  /// `XDG_CONFIG_HOME`, else `~/.config`.
  let configurationFolder: String
  /// The directory of the vault; `nil` if it is not known.
  let vault: String?
  /// The record of what setup has changed.
  package let record: SetupRecordFile
  /// The folder of this program.
  private let programFolder: String?

  /// Makes a context.
  ///
  /// - Parameters:
  ///   - environment: `HOME`, `XDG_CONFIG_HOME`, `XDG_STATE_HOME`, `PATH` and `SHELL` are read.
  ///   - program: the path of this program; `nil` if it is not known.
  ///   - vault: the directory of the vault, for what a step tells about it.
  /// - Throws: `UserFacingError` if `HOME` is not an absolute path.
  package init(environment: Environment, program: String?, vault: String? = nil) throws(UserFacingError) {
    func absolute(_ name: String) -> String? { environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
    guard let home = absolute("HOME") else {
      throw UserFacingError("cannot find your home: HOME is not an absolute path", exitCode: .failure)
    }
    self.environment = environment
    self.vault = vault
    self.home = home
    configurationFolder = absolute("XDG_CONFIG_HOME") ?? home + "/.config"
    record = SetupRecordFile(path: (absolute("XDG_STATE_HOME") ?? home + "/.local/state") + "/lockwise/setup")
    programFolder = program.flatMap { path in path.lastIndex(of: "/").map { String(path[..<$0]) } }
  }

  /// The search for programs in `PATH`.
  var search: ProgramSearch { ProgramSearch(environment) }

  /// Returns the path of a program of the suite: next to this program, else in `PATH`.
  func program(_ name: String) -> String? {
    if let path = programFolder.map({ $0 + "/" + name }), ProgramSearch.isExecutable(path) { return path }
    return search.find(name)
  }

  /// The folders that may have the files of the suite other than programs: the prefix of the installation, an unpacked
  /// archive or a build.
  var shareFolders: [String] {
    guard let bin = programFolder, let slash = bin.lastIndex(of: "/") else { return [] }
    let prefix = String(bin[..<slash])
    let above = prefix.lastIndex(of: "/").map { String(prefix[..<$0]) }
    return [prefix + "/share/lockwise", prefix + "/contrib"] + (above.map { [$0 + "/contrib"] } ?? [])
  }

  /// The start file of the login shell; `nil` if it is not known.
  var startFile: ShellStartFile? {
    ShellStartFile(
      of: ShellStartFile.loginShell(environment), home: home, configurationFolder: configurationFolder,
      environment: environment)
  }

  /// Returns a path with `~` for the home directory.
  package func shown(_ path: String) -> String {
    path.hasPrefix(home + "/") ? "~" + path.dropFirst(home.count) : path
  }

  /// Returns every step, in the order in which they are offered.
  package var steps: [any SetupStep] { StepName.allCases.map(step) }

  /// Returns a step.
  package func step(_ name: StepName) -> any SetupStep {
    switch name {
    case .git: GitStep(context: self)
    case .ssh: AskpassStep(name, context: self)
    case .sudo: AskpassStep(name, context: self)
    case .pass: PassStep(context: self)
    case .direnv: DirenvStep(context: self)
    case .docker: DockerStep(context: self)
    case .timer, .lockOnSuspend: UnitStep(name, context: self)
    }
  }
}
