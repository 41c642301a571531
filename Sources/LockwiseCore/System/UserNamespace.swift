import CLinux
import Glibc

/// The numbers of users and groups in a user namespace, such as that in which rootless podman starts its helpers
/// (user_namespaces(7)).
struct UserNamespace: Equatable, Sendable {
  /// Consecutive numbers in the namespace, and those of the same users or groups in the namespace that made it.
  struct Range: Equatable, Sendable {
    /// The first number in the namespace.
    let inner: UInt32
    /// The first number outside.
    let outer: UInt32
    let count: UInt32
  }

  /// The users that have a number.
  private let users: [Range]
  /// The groups that have a number.
  private let groups: [Range]
  /// The number that stands for every user without one (`/proc/sys/kernel/overflowuid`).
  private let hiddenUser: UInt32

  /// Makes a namespace.
  ///
  /// - Parameters:
  ///   - users, groups: the contents of `uid_map` and `gid_map`. A line that is not three numbers is ignored.
  ///   - hiddenUser: the number of users without one.
  init(users: some Collection<UInt8>, groups: some Collection<UInt8>, hiddenUser: UInt32) {
    (self.users, self.groups) = (Self.ranges(users), Self.ranges(groups))
    self.hiddenUser = hiddenUser
  }

  /// Reads the namespace of this process.
  ///
  /// - Returns: `nil` if `/proc` is not there.
  static func own() -> UserNamespace? {
    guard let users = content("/proc/self/uid_map"), let groups = content("/proc/self/gid_map"),
      let number = content("/proc/sys/kernel/overflowuid"),
      let hidden = UInt32(String(decoding: number.prefix { $0 != 0x0A }, as: UTF8.self))
    else { return nil }
    return UserNamespace(users: users, groups: groups, hiddenUser: hidden)
  }

  /// Whether root outside has no number here. In the first namespace each user has the own number.
  var hidesRoot: Bool { !users.isEmpty && !users.contains { $0.outer == 0 && $0.count > 0 } }

  /// Returns whether a user may be root outside, who has no number here: other users without a number look alike.
  func mayBeHiddenRoot(_ user: uid_t) -> Bool { user == hiddenUser && hidesRoot }

  /// Returns the number of a user outside; `nil` if the user has none here.
  func outerUser(_ user: uid_t) -> uid_t? { Self.outer(user, users) }

  /// Returns the number of a group outside; `nil` if the group has none here.
  func outerGroup(_ group: gid_t) -> gid_t? { Self.outer(group, groups) }

  private static func outer(_ number: UInt32, _ ranges: [Range]) -> UInt32? {
    guard let range = ranges.first(where: { number >= $0.inner && number - $0.inner < $0.count }) else { return nil }
    let (outer, overflows) = range.outer.addingReportingOverflow(number - range.inner)
    return overflows ? nil : outer
  }

  private static func ranges(_ map: some Collection<UInt8>) -> [Range] {
    map.split(separator: 0x0A).compactMap { line in
      let numbers = line.split(separator: 0x20).map { UInt32(String(decoding: $0, as: UTF8.self)) }
      guard numbers.count == 3, let inner = numbers[0], let outer = numbers[1], let count = numbers[2] else {
        return nil
      }
      return Range(inner: inner, outer: outer, count: count)
    }
  }

  private static func content(_ path: String) -> [UInt8]? {
    let descriptor = lockwise_open(path, O_RDONLY | O_CLOEXEC, 0)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    // At most 340 lines (user_namespaces(7)).
    return FileDescriptor.readAll(descriptor, limit: 1 << 16)?.withUnsafeBytes { Array($0) }
  }
}
