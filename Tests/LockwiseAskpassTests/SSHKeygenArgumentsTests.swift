import Testing

@testable import LockwiseAskpass

/// The key on ssh-keygen's command line.
@Suite struct SSHKeygenArgumentsTests {
  @Test(
    arguments: [
      ("ssh-keygen -y -f key", "key"), ("ssh-keygen -yf key", "key"), ("ssh-keygen -yfkey", "key"),
      ("ssh-keygen -p -N new -f key", "key"), ("ssh-keygen -Y sign -n git -f key file", "key"),
      ("ssh-keygen -Ysign -f key.pub -n git", "key"), ("ssh-keygen -Y sign -f key-cert.pub", "key"),
      ("ssh-keygen -Y sign -f .pub", ".pub"), ("ssh-keygen -y -f key.pub", "key.pub"), ("ssh-keygen -y", nil),
      ("ssh-keygen -y -- -f key", nil), ("ssh-keygen file -f key", nil), ("ssh-keygen -C -f key", nil),
      ("ssh-keygen -s ca -I id -f key user.pub", nil), ("ssh-keygen -f a -f b", "b"), ("ssh-keygen", nil),
    ] as [(String, String?)])
  func theKeyIsTheOneOfTheOption(line: String, path: String?) throws {
    let arguments = line.split(separator: " ").map { Array($0.utf8) }
    let parsed = try #require(SSHKeygenArguments(arguments))
    #expect(parsed.keyPath.map { String(decoding: $0, as: UTF8.self) } == path)
  }

  @Test(arguments: ["ssh-keygen -y -f", "ssh-keygen -yf", "ssh-keygen -f key -C"])
  func incompleteArgumentsAreRejected(line: String) {
    #expect(SSHKeygenArguments(line.split(separator: " ").map { Array($0.utf8) }) == nil)
  }
}
