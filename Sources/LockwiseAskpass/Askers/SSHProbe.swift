import Glibc
import LockwiseCLI
import LockwiseCore

/// Asks the program of an asking ssh about itself. The program runs in a session of its own, so that it cannot use the
/// terminal, and in the current folder, to which relative names of configuration files refer.
struct SSHProbe: Sendable {
  /// Runs a program and returns one of its streams: path, name (`argv[0]`), arguments, and whether the stream is
  /// standard error instead of standard output; `nil` if it fails.
  typealias Run =
    @Sendable (_ program: String, _ name: String, _ arguments: [String], _ readsErrors: Bool) -> [UInt8]?

  private let run: Run

  /// Makes a probe with another way to run programs.
  init(run: @escaping Run) { self.run = run }

  /// Makes a probe.
  ///
  /// - Parameters:
  ///   - environment: the environment of this process, which is the asker's.
  ///   - timeout: the time after which the program is killed.
  init(_ environment: Environment, timeout: Milliseconds = 5000) { run = Self.running(environment, timeout: timeout) }

  /// Returns a function that runs programs; for the parameters see `init(_:timeout:)`.
  static func running(_ environment: Environment, timeout: Milliseconds) -> Run {
    // Commands of `Match exec` must not call this program in turn.
    let environment = environment.setting("SSH_ASKPASS_REQUIRE", to: "never")
    return { program, name, arguments, readsErrors in
      output(
        of: program, name, arguments, readsErrors: readsErrors, environment,
        until: .monotonic() + timeout)
    }
  }

  /// Returns the configuration of an asking ssh's connection (`ssh -G` with its own arguments); `nil` if its arguments
  /// are unknown or ssh rejects them.
  func configuration(of asker: Asker) -> SSHConfiguration? {
    guard asker.kind == .ssh, let name = asker.arguments.first, let program = String(validating: name, as: UTF8.self)
    else { return nil }
    let arguments = asker.arguments.dropFirst().compactMap { String(validating: $0, as: UTF8.self) }
    guard arguments.count == asker.arguments.count - 1 else { return nil }
    return run(asker.program, program, ["-G"] + arguments, false).flatMap { SSHConfiguration(parsing: $0) }
  }

  /// Returns the origin of an asking ssh's connection, `ssh://host[:port]`; `nil` if ssh does not connect to this account.
  ///
  /// The prompt does not contain the port. Before OpenSSH 8.5 a server could also write any prompt; a forged one can only
  /// name the account that ssh connects to.
  ///
  /// - Parameters:
  ///   - account: the user and host in the prompt.
  ///   - asker: the ssh that asks.
  func origin(of account: SSHAccount, asker: Asker) -> Origin? {
    configuration(of: asker)?.origin(of: account)
  }

  /// Returns the version of an asking program (`ssh -V`); `nil` if it is not OpenSSH.
  func version(of asker: Asker) -> SSHVersion? {
    run(asker.program, "ssh", ["-V"], true).flatMap { SSHVersion(parsing: $0) }
  }

  private static func output(
    of program: String, _ name: String, _ arguments: [String], readsErrors: Bool, _ environment: Environment,
    until deadline: Milliseconds
  ) -> [UInt8]? {
    guard let pipe = try? ChildProcess.makePipe(program) else { return nil }
    defer { close(pipe.read) }
    var streams = ChildProcess.Streams(error: .null)
    if readsErrors { streams.error = .descriptor(pipe.write) } else { streams.output = .descriptor(pipe.write) }
    let pid = try? ChildProcess.start(
      program, arguments, as: name, environment: environment, streams: streams, in: .current, detached: true)
    close(pipe.write)
    guard let pid else { return nil }
    let output = FileDescriptor.readAll(pipe.read, limit: 262_144, deadline: deadline)
    guard ChildProcess.end(pid, by: output == nil ? 0 : deadline)?.isSuccess == true else { return nil }
    return output?.withUnsafeBytes { Array($0) }
  }
}
