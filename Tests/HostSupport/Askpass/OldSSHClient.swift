import Foundation
import Testing

/// A copy of the machine's ssh that calls itself OpenSSH 8.4 and puts no prefix before the texts of servers.
enum OldSSHClient {
  /// The format of the prefix and the text, and the same without the prefix: two arguments of which nothing is shown.
  private static let (format, plainFormat) = (Data("(%s@%s) %s".utf8), Data("%.0s%.0s%s".utf8))

  /// Whether the machine's ssh has the format, which is that of Debian 12's.
  static let isPossible = (try? program())?.range(of: format) != nil

  /// The reason for skipping a test.
  static let requirement: Comment = "needs an ssh in which the prefix of a server's text is found"

  /// Makes the copy, or returns that of an earlier call.
  static func make(in home: AskpassHome) throws -> String {
    let folder = home.scratch.root + "/old"
    let path = folder + "/ssh"
    guard access(path, X_OK) != 0 else { return path }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var program = try program()
    program.replaceSubrange(try #require(program.range(of: format)), with: plainFormat)
    var position = program.startIndex
    while let found = program.range(of: Data("OpenSSH_".utf8), in: position..<program.endIndex) {
      let version = found.upperBound..<found.upperBound + 3
      if program[found.upperBound] == UInt8(ascii: "9") { program.replaceSubrange(version, with: Data("8.4".utf8)) }
      position = found.upperBound
    }
    try Spawn.alone { try program.write(to: URL(fileURLWithPath: path)) }
    chmod(path, 0o755)
    let shown = try Run.program(path, ["-V"], environment: home.environment).error
    #expect(shown.hasPrefix("OpenSSH_8.4"), "\(shown)")
    return path
  }

  private static func program() throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: Executables.ofSystem("ssh")))
  }
}
