import Foundation
import Testing

/// The system calls of a program and its children, reported by strace(1).
struct SystemCallTrace {
  struct Call: CustomStringConvertible {
    let name: String
    /// The arguments as strace prints them, with the paths of descriptors: `3</home/x/vault.db>`.
    let arguments: String
    let result: String
    var description: String { "\(name)(\(arguments)) = \(result)" }

    /// The first quoted text of the arguments, a path.
    var path: String? { arguments.firstMatch(of: /"((?:[^"\\]|\\.)*)"/).map { String($0.1) } }
    /// The path or other name of the descriptor in the first argument.
    var descriptor: String? { arguments.firstMatch(of: /^[0-9]+<([^>]*)>/).map { String($0.1) } }
  }

  /// A line that is not a system call, a signal or the end of a process.
  struct Unreadable: Error, CustomStringConvertible {
    let line: String
    var description: String { "strace printed \(line)" }
  }

  let calls: [Call]
  /// The number of processes and threads.
  let processes: Int

  /// Runs a program under strace.
  ///
  /// - Throws: `Unreadable`, and the errors of `Run.program`.
  static func of(
    _ program: String, _ arguments: [String], input: Input, environment: [String: String], in folder: String
  ) throws -> (trace: SystemCallTrace, run: Run) {
    let log = folder + "/strace-\(UUID().uuidString)"
    let run = try Run.program(
      Executables.ofSystem("strace"), ["-f", "-y", "-s", "256", "-o", log, program] + arguments, input: input,
      environment: environment)
    return (try SystemCallTrace(parsing: String(contentsOfFile: log, encoding: .utf8)), run)
  }

  init(parsing text: String) throws {
    var calls: [Call] = []
    var pids: Set<String> = []
    // Calls that another process's line interrupted (strace(1), "unfinished").
    var begun: [String: String] = [:]
    for line in text.split(separator: "\n") {
      guard let match = line.wholeMatch(of: /([0-9]+) +(.*)/) else { throw Unreadable(line: String(line)) }
      let pid = String(match.1)
      var rest = String(match.2)
      pids.insert(pid)
      if rest.hasPrefix("+++ ") || rest.hasPrefix("--- ") { continue }
      if let unfinished = rest.wholeMatch(of: /(.*) <unfinished \.\.\.>/) {
        begun[pid] = String(unfinished.1)
        continue
      }
      if let resumed = rest.wholeMatch(of: /<\.\.\. [a-z0-9_]+ resumed>(.*)/),
        let start = begun.removeValue(forKey: pid)
      {
        rest = start + resumed.1
      }
      guard let call = rest.wholeMatch(of: /([a-z0-9_]+)\((.*)\) += (.*)/) else { throw Unreadable(line: rest) }
      calls.append(Call(name: String(call.1), arguments: String(call.2), result: String(call.3)))
    }
    self.calls = calls
    processes = pids.count
  }

  /// The number of each call.
  var counts: [String: Int] { calls.reduce(into: [:]) { $0[$1.name, default: 0] += 1 } }

  /// The calls that reach a network or another process.
  var outward: [Call] {
    let names: Set = [
      "socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg", "sendmmsg",
      "recvfrom", "recvmsg", "clone", "clone3", "fork", "vfork", "kill", "tkill", "tgkill", "ptrace",
      "process_vm_readv", "process_vm_writev", "io_uring_setup",
    ]
    return calls.filter { names.contains($0.name) } + calls.filter { $0.name.hasPrefix("exec") }.dropFirst()
  }

  /// The calls that change files, except below `folder` and the standard streams.
  func writes(outside folder: String) -> [Call] {
    let folder = (folder as NSString).standardizingPath
    func isElsewhere(_ path: String?) -> Bool {
      guard let path = path.map({ ($0 as NSString).standardizingPath }) else { return true }
      return path != folder && !path.hasPrefix(folder + "/")
    }
    return calls.filter { call in
      switch call.name {
      case "open", "openat", "openat2", "creat":
        let opensToWrite = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND", "O_TMPFILE"].contains {
          call.arguments.contains($0)
        }
        return (opensToWrite || call.name == "creat") && isElsewhere(call.path)
      case "write", "pwrite64", "writev", "pwritev", "pwritev2", "ftruncate", "fallocate", "fchmod", "fchown",
        "sendfile", "splice", "copy_file_range":
        if call.name == "write" || call.name == "writev",
          call.arguments.hasPrefix("1<") || call.arguments.hasPrefix("2<")
        {
          return false
        }
        return isElsewhere(call.descriptor)
      case "mkdir", "mkdirat", "rmdir", "unlink", "unlinkat", "rename", "renameat", "renameat2", "link", "linkat",
        "symlink", "symlinkat", "truncate", "chmod", "fchmodat", "chown", "lchown", "fchownat", "utime", "utimes",
        "utimensat", "futimesat", "mknod", "mknodat", "setxattr", "lsetxattr", "fsetxattr":
        // utimensat with a descriptor has no path.
        return isElsewhere(call.path ?? call.descriptor)
      default: return false
      }
    }
  }

  /// The calls that wait until data is on the disk.
  var syncs: [Call] {
    calls.filter { ["fsync", "fdatasync", "sync", "syncfs", "sync_file_range", "msync"].contains($0.name) }
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips a test that looks for paths or texts in a trace, unless root runs it.
  ///
  /// The programs are not dumpable. Only root may read the memory of such a process (ptrace(2)); for other users strace
  /// prints addresses in place of texts, and no paths of descriptors.
  static var needsTextsInTrace: Self {
    .enabled(if: geteuid() == 0, "only root can see the paths and texts that strace prints of these programs")
  }
}
