import Foundation

/// The completion of a program for a shell: a file of `contrib/completions`, or what the program generates, as
/// `contrib/install` installs it.
struct CompletionScript {
  /// The program that is completed.
  let program: String
  /// The path of the script.
  let path: String
  /// The folder of the test in which the shell runs.
  let home: String

  /// The folder of the script.
  var folder: String { String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex)) }

  /// Finds a script, or writes it into a folder of the test.
  ///
  /// - Throws: `Executables.Missing`.
  init(of program: String, for kind: PassShell.Kind, home: String) throws {
    self.program = program
    self.home = home
    let name = kind == .zsh ? "_" + program : "\(program).\(kind.rawValue)"
    let own = Readme.root.appendingPathComponent("contrib/completions/" + name).path
    if access(own, F_OK) == 0 {
      path = own
      return
    }
    let run = try Run.program(
      Executables.path(program), ["--generate-completion-script", kind.rawValue], environment: ["HOME": home])
    guard run.ending == .exited(0) else { throw TimedOut(description: "\(program) generates nothing: \(run.error)") }
    let folder = home + "/.completions"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    path = folder + "/" + name
    try run.output.write(toFile: path, atomically: true, encoding: .utf8)
  }
}
