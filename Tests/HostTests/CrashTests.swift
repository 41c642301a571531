import Foundation
import Testing

@testable import LockwiseHostSupport

/// A program that crashes prints nothing of its memory, whatever `SWIFT_BACKTRACE` is.
@Suite final class CrashTests {
  private static let fatal = [SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS]
  private static let programs = [
    ["git-credential-lockwise", "get"], ["lockwise-sync", "login", "--password-stdin", "a@example.org"],
    ["lockwise-askpass", "save", "ssh", "marie@host.example"], ["docker-credential-lockwise", "store"],
    ["lockwise-sandbox"],
  ]

  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    scratch.environment["SWIFT_BACKTRACE"] =
      "enable=yes,color=no,interactive=no,registers=all,threads=all,images=all,output-to=stderr"
  }

  /// Starts a program that waits for input from a pipe without a writer.
  private func start(_ command: [String]) throws -> RunningProgram {
    let pipe = scratch.root + "/pipe"
    mkfifo(pipe, 0o600)
    // Without a key file, a sign-in would ask for a passphrase, and end without a terminal.
    let keyFile = command.contains("login") ? ["--key-file", scratch.keyFile] : []
    let program = try RunningProgram(
      "/bin/sh", ["-c", "exec \"$@\" <>\(pipe)", "sh", Executables.path(command[0])] + command.dropFirst() + keyFile,
      environment: scratch.environment)
    // The programs ignore SIGPIPE last. The sandbox does not.
    let isReady = Deadline(seconds: 30).await {
      let ignored = Self.signals("SigIgn", program.pid)
      return ignored?.contains(SIGPIPE) == true || program.outputSoFar.contains("http://") || program.hasEnded
    }
    #expect(isReady && !program.hasEnded, "\(command)")
    return program
  }

  /// A set of signals in `/proc/<pid>/status`.
  private static func signals(_ name: String, _ pid: pid_t) -> Set<Int32>? {
    guard let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix(name + ":") }),
      let mask = UInt64(line.drop { $0 != "\t" }.dropFirst(), radix: 16)
    else { return nil }
    return Set((1...31).filter { mask & 1 << UInt64($0 - 1) != 0 })
  }

  @Test(arguments: programs) func handlesNoFatalSignal(command: [String]) throws {
    let program = try start(command)
    let caught = try #require(Self.signals("SigCgt", program.pid))
    #expect(caught.isDisjoint(with: Self.fatal), "\(caught)")
    program.signal(SIGKILL)
    _ = try program.finish()
  }

  @Test(arguments: programs, [SIGABRT, SIGSEGV]) func printsNothingInACrash(command: [String], signal: Int32) throws {
    let program = try start(command)
    let before = program.outputSoFar
    program.signal(signal)
    let run = try program.finish()
    #expect(run.ending == .killed(signal: signal))
    #expect(run.output == before)
    // At the start, where the toolchain's own program for it is not installed.
    let missing = "swift runtime: unable to locate swift-backtrace; disabling backtracing.\n"
    let error = run.error.replacingOccurrences(of: missing, with: "")
    for word in ["Crash", "Thread", "Registers", "0x", "backtrace", "Backtrace"] {
      #expect(!error.contains(word), "\(error)")
    }
  }

  /// A signal that a shell ignores for background jobs stays ignored.
  @Test func keepsAnIgnoredSignalIgnored() throws {
    let pipe = scratch.root + "/pipe"
    mkfifo(pipe, 0o600)
    let program = try RunningProgram(
      "/bin/sh",
      ["-c", "trap '' QUIT; exec \"$0\" get <>\(pipe)", Executables.path("git-credential-lockwise")],
      environment: scratch.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 })
    #expect(Deadline(seconds: 30).await { Self.signals("SigIgn", program.pid)?.contains(SIGPIPE) == true })
    #expect(Self.signals("SigIgn", program.pid)?.contains(SIGQUIT) == true)
    program.signal(SIGKILL)
    _ = try program.finish()
  }
}
