import CLinux
import Glibc
import LockwiseCore

/// A process, identified by its id and start time.
public struct ProcessIdentity: Equatable, Sendable {
  /// The process id.
  public let id: Int
  /// The start time, clock ticks since the machine started (proc(5), `/proc/pid/stat`, field 22).
  public let start: UInt64

  /// Makes an identity.
  public init(id: Int, start: UInt64) {
    self.id = id
    self.start = start
  }

  /// The topmost of the processes above a process whose program a host calls itself by; `nil` if there is none, or no
  /// `/proc` to find it by.
  ///
  /// - Parameters:
  ///   - parent: the process to begin with.
  ///   - isHost: whether a process name is the host's, such as `git`.
  ///   - stat: the content of `/proc/<id>/stat`.
  public static func topmost(
    from parent: Int, where isHost: (String) -> Bool, stat: (Int) -> [UInt8]? = stat(of:)
  ) -> ProcessIdentity? {
    var found: ProcessIdentity?
    var id = parent
    // A bound beyond any chain of commands, which ends a circle of reused ids.
    for _ in 0..<64 where id > 1 {
      guard let line = stat(id), let process = Stat(line) else { break }
      if isHost(process.name) { found = ProcessIdentity(id: id, start: process.start) }
      id = process.parent
    }
    return found
  }

  /// Returns the content of `/proc/<id>/stat`.
  public static func stat(of id: Int) -> [UInt8]? {
    let descriptor = lockwise_open("/proc/\(id)/stat", O_RDONLY | O_CLOEXEC, 0)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? Array(bytes[..<count]) : nil
  }
}

extension ProcessIdentity {
  /// Makes the identity of a process.
  ///
  /// - Parameters:
  ///   - id: the process id.
  ///   - line: the content of its `/proc/<id>/stat`; `nil` is returned for any other text.
  package init?(id: Int, stat line: [UInt8]) {
    guard let process = Stat(line) else { return nil }
    self.init(id: id, start: process.start)
  }

  /// The process name in the content of `/proc/<id>/stat`; `nil` for any other text.
  package static func name(inStat line: [UInt8]) -> String? { Stat(line)?.name }

  /// The parent's process id in the content of `/proc/<id>/stat`; `nil` for any other text.
  public static func parent(inStat line: [UInt8]) -> Int? { Stat(line)?.parent }
}

/// The parts of `/proc/pid/stat` that are used.
private struct Stat {
  let name: String
  let parent: Int
  let start: UInt64

  /// Parses the text. The name can contain brackets and spaces, so it ends at the last bracket.
  init?(_ line: [UInt8]) {
    guard let open = line.firstIndex(of: UInt8(ascii: "(")), let close = line.lastIndex(of: UInt8(ascii: ")")),
      open < close
    else { return nil }
    // Field 3, the state, follows the name; after field 22 there are thirty others.
    let fields = line[(close + 1)...].split(maxSplits: 20) { $0 == 0x20 || $0 == 0x0A }
    guard fields.count > 19, let parent = Int(String(decoding: fields[1], as: UTF8.self)),
      let start = UInt64(String(decoding: fields[19], as: UTF8.self))
    else { return nil }
    name = String(decoding: line[(open + 1)..<close], as: UTF8.self)
    self.parent = parent
    self.start = start
  }
}
