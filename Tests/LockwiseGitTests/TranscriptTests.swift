import Glibc
import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseGit

/// Requests and responses for each attribute and special case of the protocol.
@Suite struct TranscriptTests {
  private static let answer = "username=alice\npassword=p\n"

  private func get(_ input: String) throws -> HelperVault.Answer {
    try HelperVault([HelperVault.login("{1}", realm: "R", password: "p")]).run("get", input)
  }

  /// Attributes that `get` does not need, known or unknown (git-credential(1) of git 2.55).
  @Test(arguments: [
    "", "path=a/b.git\n", "path=\n", "username=alice\n", "password=x\n", "password=\u{0}\r\n",
    "wwwauth[]=Basic realm=\"x\"\n",
    "wwwauth[]=\n", "capability[]=authtype\n", "capability[]=future\n", "capability[]=\n", "authtype=Bearer\n",
    "authtype=\r\n", "credential=x\n", "ephemeral=1\n", "ephemeral=nonsense\n", "continue=1\n", "quit=1\n",
    "password_expiry_utc=1\n", "password_expiry_utc=soon\n", "oauth_refresh_token=x\n", "state[]=other:1\n",
    "state[]=lockwise:1:zz\n", "state[]=\n", "future=x\n", "future[]=x\n", "=\n", "Protocol=ftp\n", "x\u{1}y=z\n",
  ])
  func attributesThatChangeNothing(attribute: String) throws {
    let run = try get(attribute + "protocol=https\nhost=h.example\n" + attribute + "\nbehind=\u{0}\r the end\n")
    #expect(run.output == Self.answer && run.status == .success && run.errors.isEmpty)
  }

  @Test(arguments: [
    "protocol=https\nhost=h.example", "url=https://h.example", "url=https://alice@h.example/a/b",
    "protocol=ftp\nhost=x\nusername=bob\nurl=https://h.example\n", "protocol=https\nhost=x\nhost=h.example\n",
    "username=bob\nprotocol=https\nhost=h.example\nusername=alice\n",
  ])
  func equivalentRequests(input: String) throws { #expect(try get(input).output == Self.answer) }

  @Test(arguments: [
    "", "\n", "protocol=https\n", "host=h.example\n", "protocol=https\nhost=h.exampl", "protocol=https\nhost=\n",
    "protocol=https\nhost=h.example\nusername=bob\n", "protocol=https\nhost=h.example\nusername=\n",
    "protocol=cert\nhost=\npath=/home/a/client.pem\n", "\nprotocol=https\nhost=h.example\n",
    "url=https://bob@h.example",
    "protocol=http\nhost=h.example\n", "protocol=https\nhost=h.example:8443\n",
  ])
  func unmatchedRequestsReturnNothing(input: String) throws {
    let run = try get(input)
    #expect(run.output.isEmpty && run.status == .success && run.errors.isEmpty)
  }

  @Test(arguments: [
    "protocol=https\r\nhost=h.example\r\n\r\n", "protocol=https\nhost=h.example\r\n",
    "protocol=https\nhost=h.example\u{0}\n",
    "protocol=https\nho", "protocol\n", "url=h.example\n", "url=https://h.example%0a\n",
    "protocol=https\nhost=h.example\n\r\n",
  ])
  func malformed(input: String) throws {
    for operation in ["get", "store", "erase"] {
      let helper = try HelperVault([HelperVault.login("{1}", realm: "R", password: "p")])
      let before = try helper.content()
      let run = helper.run(operation, input)
      #expect(run.output.isEmpty && run.status == .failure)
      #expect(run.errors.hasPrefix("helper: error: git's request is malformed: "), "\(run.errors)")
      #expect(try helper.content() == before)
    }
  }

  @Test func megabytes() throws {
    let long = String(repeating: "x", count: 1 << 20)
    let request = "protocol=https\nhost=h.example\n"
    for name in ["path", "password", "credential", "authtype", "wwwauth[]", "state[]", "oauth_refresh_token", long] {
      #expect(try get("\(name)=\(long)\n" + request).output == Self.answer, "\(name.prefix(20))")
    }
    for input in ["protocol=https\nhost=\(long)\n", "url=https://\(long)\n", request + "username=\(long)\n"] {
      #expect(try get(input).output.isEmpty)
    }
    let helper = try HelperVault()
    #expect(helper.run("store", request + "username=alice\npassword=\(long)\n").status == .success)
    #expect(helper.run("get", request).output == "username=alice\npassword=\(long)\n")
    // A realm of that length is not stored.
    #expect(
      helper.run("store", request + "username=b\npassword=q\nwwwauth[]=Basic realm=\"\(long)\"\n").status == .success)
    #expect(try helper.logins().contains("git b q"))
  }

  @Test func aPasswordWithAZeroByteIsIgnored() throws {
    let helper = try HelperVault()
    let run = helper.run("store", "protocol=https\nhost=h.example\nusername=alice\npassword=a\u{0}b\n")
    #expect(run.status == .failure && run.errors.contains("a control character where none may be"))
    #expect(try helper.logins().isEmpty)
  }

  /// JSON cannot represent it, and a replacement would change the password. Found by fuzzing.
  @Test func nonTextSecretsAreNotStored() throws {
    let helper = try HelperVault()
    func store(_ before: String, _ after: String) -> HelperVault.Answer {
      helper.run(
        "store",
        .concatenating([
          SecretBytes(utf8: "protocol=https\nhost=h.example\nusername=alice\n" + before),
          SecretBytes(copying: [0x72, 0xC3, 0x28]), SecretBytes(utf8: after),
        ]))
    }
    let run = store("password=", "\n")
    #expect(run.status == .failure && run.errors.contains("text that is not UTF-8"))
    #expect(try helper.logins().isEmpty)
    #expect(store("password=p\noauth_refresh_token=", "\n").status == .success)
    #expect(helper.run("get", "protocol=https\nhost=h.example\n").output == Self.answer)
  }

  @Test func aPasswordKeepsSpacesAndPunctuation() throws {
    let helper = try HelperVault()
    helper.run("store", "protocol=https\nhost=h.example\nusername=alice\npassword= p=\"\\ä \n")
    #expect(helper.run("get", "protocol=https\nhost=h.example\n").output == "username=alice\npassword= p=\"\\ä \n")
  }

  /// git removes a carriage return from the end of a helper's line, so the password would always be wrong.
  @Test(arguments: ["password=p\r\n", "password=a\rb\n", "authtype=Bearer\ncredential=p\r\n"])
  func aSecretWithACarriageReturnIsNotKept(attribute: String) throws {
    let helper = try HelperVault()
    let run = helper.run("store", "protocol=https\nhost=h.example\nusername=alice\n" + attribute)
    #expect(run.status == .failure && run.errors.contains("a control character where none may be"))
    #expect(try helper.logins().isEmpty)
  }

  /// Other protocols with a host and an optional port, such as those of git send-email and git imap-send.
  @Test(arguments: [
    ("smtp", "smtp.example.org:587"), ("smtp", "smtp.example.org"), ("imap", "imap.example.org"),
    ("imaps", "imap.example.org:993"), ("ssh", "git.example.org:2222"), ("http", "git.example.org:8080"),
    ("https", "[2001:db8::7]:8443"), ("https", "bücher.example"),
  ])
  func anyProtocol(scheme: String, host: String) throws {
    let helper = try HelperVault()
    let request = "protocol=\(scheme)\nhost=\(host)\n"
    #expect(helper.run("get", request).output.isEmpty)
    helper.run("store", request + "username=alice\npassword=p\n")
    #expect(helper.run("get", request).output == Self.answer)
    #expect(helper.run("get", "protocol=\(scheme)\nhost=other.example\n").output.isEmpty)
    #expect(helper.run("get", "protocol=x\(scheme)\nhost=\(host)\n").output.isEmpty)
    helper.run("erase", request + "username=alice\npassword=p\n")
    #expect(helper.run("get", request).output.isEmpty)
  }

  @Test func nothingIsPrintedWithoutAVault() throws {
    let helper = try HelperVault()
    #expect(rename(helper.directory.path, helper.directory.path + ".gone") == 0)
    for operation in ["get", "store", "erase"] {
      let run = helper.run(operation, "protocol=https\nhost=h.example\nusername=a\npassword=b\n")
      #expect(run.output.isEmpty && run.errors.isEmpty && run.status == .success)
    }
  }
}
