import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore

/// A program that is ready to run, with everything that it gets.
struct PreparedCommand {
  /// The program's name or path, then its arguments.
  let arguments: [[UInt8]]
  /// The inherited variables that it keeps, as `NAME=VALUE`.
  let inherited: [UnsafeMutablePointer<CChar>]
  /// The variables that are set, which are not among the inherited ones.
  let variables: [(name: String, value: SecretBytes)]
  /// The variables that hold the path of a file in memory, and its descriptor, which the program keeps.
  let files: [(name: String, descriptor: Int32)]
  /// The descriptor of its standard input; `nil` if it is this process's.
  let input: Int32?
  /// The state of the process that it gets; `nil` if it gets this process's.
  let state: InheritedState?

  /// Runs the program in place of this process (execve(2)), which may be a child of the one that prepared it.
  ///
  /// The program keeps this process's id, open descriptors and standard streams, and gets `state`.
  ///
  /// - Returns: the failure; it does not return on success.
  func replaceProcess() -> CommandStartFailure {
    guard let program = arguments.first, !program.isEmpty else { return CommandStartFailure([], errno: ENOENT) }
    if let input, input != 0, dup2(input, 0) < 0 { return CommandStartFailure(program, errno: errno) }
    for file in files { _ = lockwise_set_cloexec(file.descriptor, 0) }
    // One block, so that the secrets are in memory that is wiped if the program cannot be run.
    var block = SecretBuilder()
    var offsets: [Int] = []
    for (name, value) in variables {
      offsets.append(block.count)
      block.append(name + "=")
      block.append(value)
      block.append(0)
    }
    for (name, descriptor) in files {
      offsets.append(block.count)
      block.append("\(name)=\(SecretFile.path(of: descriptor))")
      block.append(0)
    }
    var argv = arguments.map(ChildProcess.copy) + [nil]
    defer { for text in argv { free(text) } }
    return block.withUnsafeBytes { bytes in
      let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
      var environment: [UnsafeMutablePointer<CChar>?] = inherited + offsets.map { offset in start.map { $0 + offset } }
      environment.append(nil)
      state?.restore()
      lockwise_execute(&argv, &environment)
      return CommandStartFailure(program, errno: errno)
    }
  }

  /// Closes the descriptors of the program in this process, which another one becomes.
  func closeDescriptors() {
    for descriptor in files.map(\.descriptor) + [input].compactMap(\.self) { close(descriptor) }
  }
}
