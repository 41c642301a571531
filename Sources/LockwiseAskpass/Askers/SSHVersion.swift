/// The version of an OpenSSH program, as `ssh -V` prints it.
struct SSHVersion: Comparable, Sendable {
  /// The first part.
  let major: Int
  /// The second part.
  let minor: Int

  /// Makes a version.
  init(major: Int, minor: Int) { (self.major, self.minor) = (major, minor) }

  /// Parses the output of `ssh -V`, such as `OpenSSH_9.2p1 Debian-2, OpenSSL 3.0.15`; `nil` if it is another program's.
  init?(parsing text: some Collection<UInt8>) {
    let name = "OpenSSH_"
    guard text.starts(with: name.utf8) else { return nil }
    let numbers = text.dropFirst(name.utf8.count).split(
      separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    guard numbers.count == 2, let major = Self.number(numbers[0]),
      let minor = Self.number(numbers[1].prefix { (48...57).contains($0) })
    else { return nil }
    self.init(major: major, minor: minor)
  }

  /// The first version that puts `(user@host) ` before the texts of servers.
  static let marksServerTexts = SSHVersion(major: 8, minor: 5)

  static func < (left: SSHVersion, right: SSHVersion) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }

  private static func number(_ digits: some Collection<UInt8>) -> Int? {
    guard (1...4).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(String(decoding: digits, as: UTF8.self))
  }
}
