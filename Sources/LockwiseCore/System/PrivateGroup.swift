import CLinux
import Glibc

/// User private groups, on systems where each user has one and files are therefore group-writable.
package enum PrivateGroup {
  /// Returns whether this user is the group's only member in `/etc/group` and `/etc/passwd` (group(5), passwd(5)).
  ///
  /// The C library's look-up needs NSS, which static programs do not have. In a user namespace the files have the numbers
  /// outside of it, as for rootless podman.
  package static func isPrivate(_ group: gid_t) -> Bool {
    var (group, user) = (group, geteuid())
    if let namespace = UserNamespace.own() {
      guard let outerGroup = namespace.outerGroup(group), let outerUser = namespace.outerUser(user) else {
        return false
      }
      (group, user) = (outerGroup, outerUser)
    }
    guard group != 0, let groups = content("/etc/group"), let users = content("/etc/passwd") else { return false }
    return groups.withUnsafeBytes { hasNoOtherMember(group, in: $0) }
      && users.withUnsafeBytes { isPrimary(group, of: user, in: $0) }
  }

  /// Returns whether the group's line names no other member than the user after whom the group is named.
  static func hasNoOtherMember(_ group: gid_t, in file: some Collection<UInt8>) -> Bool {
    let lines = file.split(separator: 0x0A).map { $0.split(separator: 0x3A, omittingEmptySubsequences: false) }
    let ours = lines.filter { $0.count == 4 && String(decoding: $0[2], as: UTF8.self) == String(group) }
    return ours.count == 1 && (ours[0][3].isEmpty || ours[0][3].elementsEqual(ours[0][0]))
  }

  /// Returns whether a group is the primary group of a user and of no other user. A user who is not in the file, such
  /// as one of a directory service, has the group with the user's own number.
  static func isPrimary(_ group: gid_t, of user: uid_t, in file: some Collection<UInt8>) -> Bool {
    let lines = file.split(separator: 0x0A).map { $0.split(separator: 0x3A, omittingEmptySubsequences: false) }
    let users = lines.filter { $0.count == 7 && String(decoding: $0[3], as: UTF8.self) == String(group) }
      .map { String(decoding: $0[2], as: UTF8.self) }
    return users.isEmpty ? group == user : users.allSatisfy { $0 == String(user) }
  }

  private static func content(_ path: String) -> SecretBytes? {
    let descriptor = lockwise_open(path, O_RDONLY | O_CLOEXEC, 0)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return FileDescriptor.readAll(descriptor, limit: 1 << 20)
  }
}
