import CLinux
import Glibc

/// The group that a user has to itself where each user gets one, and where files are therefore writable by it.
enum PrivateGroup {
  /// Whether a group has this user's number and no other member in `/etc/group` (group(5)).
  ///
  /// The C library's look-up would need NSS, which static programs don't have.
  static func isPrivate(_ group: gid_t) -> Bool {
    guard group == geteuid(), group == getegid(), group != 0 else { return false }
    let descriptor = lockwise_open("/etc/group", O_RDONLY | O_CLOEXEC, 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    guard let content = ChildProcess.read(descriptor, limit: 1 << 20) else { return false }
    return content.withUnsafeBytes { hasNoOtherMember(group, in: $0) }
  }

  /// Whether the line of a group names nobody but the user that the group is named for.
  static func hasNoOtherMember(_ group: gid_t, in file: some Collection<UInt8>) -> Bool {
    let lines = file.split(separator: 0x0A).map { $0.split(separator: 0x3A, omittingEmptySubsequences: false) }
    let ours = lines.filter { $0.count == 4 && String(decoding: $0[2], as: UTF8.self) == String(group) }
    return ours.count == 1 && (ours[0][3].isEmpty || ours[0][3].elementsEqual(ours[0][0]))
  }
}
