import LockwiseTestSupport
import Testing

@testable import LockwiseAskpass

/// The classes of prompts.
@Suite struct QuestionTests {
  @Test(arguments: Prompts.all)
  func promptsHaveTheirClass(row: PromptRow) {
    #expect(Question(row.prompt) == row.expected)
    let asker = Asker(identity: .init(id: 1, start: 1), kind: row.asker, arguments: [], isDirectParent: true)
    #expect(asker.mayAsk(row.expected) == row.expected.isAnswerable)
  }

  /// A prompt with one byte changed, added or missing has no answer, or only if a user, host, path or URL is another.
  @Test(arguments: Prompts.all)
  func changedPromptsHaveNoAnswer(row: PromptRow) {
    let known = Set(Prompts.all.map(\.prompt))
    let asker = Asker(identity: .init(id: 1, start: 1), kind: row.asker, arguments: [], isDirectParent: true)
    for (text, isVariable) in Self.variants(row) where !known.contains(text) {
      let question = Question(text)
      guard question.isAnswerable, asker.mayAsk(question) else { continue }
      #expect(question != row.expected, "\(String(decoding: text, as: UTF8.self))")
      // The path in a prompt of ssh-add has no mark at its end.
      #expect(isVariable || row.asker == .sshAdd, "\(String(decoding: text, as: UTF8.self))")
    }
  }

  /// Returns the prompt with each byte changed, added or removed, and whether that byte may be one of a variable part.
  private static func variants(_ row: PromptRow) -> [(text: [UInt8], isVariable: Bool)] {
    let bytes = row.bytes
    let prompt = row.prompt
    func isVariable(_ index: Int) -> Bool { bytes.indices.contains(index) && bytes[index].isVariable }
    // An added quotation mark next to one can be the first or the last byte of the variable part.
    func isNearVariable(_ index: Int) -> Bool { (index - 2...index + 1).contains(where: isVariable) }
    var result: [([UInt8], Bool)] = []
    for index in bytes.indices {
      for other in [prompt[index] ^ 0x20, prompt[index] ^ 1, 0, 0x0A, 0x20, 0x40, 0x2F] where other != prompt[index] {
        result.append((prompt[..<index] + [other] + prompt[(index + 1)...], isVariable(index)))
      }
      result.append((Array(prompt[..<index] + prompt[(index + 1)...]), isVariable(index)))
    }
    for index in 0...bytes.count {
      for other: UInt8 in [0, 0x0A, 0x0D, 0x20, 0x27, 0x28, 0x3A, 0x40, 0x78] {
        result.append((prompt[..<index] + [other] + prompt[index...], isNearVariable(index)))
      }
    }
    return result
  }

  @Test func theLastAtSeparatesUserAndHost() {
    #expect(
      Question("bob@bank.example@evil.example's password: ")
        == .sshPassword(user: "bob@bank.example", host: "evil.example", isServerWritten: false))
    #expect(
      Question("(bob@bank.example@evil.example) Password: ")
        == .sshPassword(user: "bob@bank.example", host: "evil.example", isServerWritten: true))
    #expect(
      Question("ann@2001:db8::1's password: ")
        == .sshPassword(user: "ann", host: "2001:db8::1", isServerWritten: false))
  }

  @Test(arguments: [
    "@host.example's password: ", "bob@bank.example's password: @evil.example's password: ", "bob@host''s password: ",
    "x) bob@host.example's password: ", "a;b@host.example's password: ", "bob@'s password: ", "bob's password: ",
    "bob@a b's password: ",
    "bob@host.example:22's password: ", "bob@[::1]'s password: ", "bob@HOST.example's password: ",
    "bob@host/x's password: ", "bob@bücher.example's password: ", "bob\n@host.example's password: ",
    "bob@host.example\r's password: ", "bob@host.example's password: \n", "bob@host.example's password:",
    "bob@host.example's Password: ",
  ])
  func invalidAccountsHaveNoAnswer(prompt: String) { #expect(!Question(prompt).isAnswerable) }

  /// A server writes everything after the prefix.
  @Test(arguments: [
    "bob@bank.example's password: ", "Password: ) Password: ", "x) Password: ", "bob@bank.example) Password: ",
    ") Password: ", "\nPassword: ", "Password: \n", "Password:  ", "\rbob@bank.example's password: ",
    "\\rbob@bank.example's password: ", "Enter passphrase for key '/home/a/.ssh/id': ", "[sudo] password for bob: ",
    "Enter passphrase for /home/a/.ssh/id: ", "Username for 'https://bank.example': ", "Password for bob: ",
    "Password for 'https://bob@bank.example': ", "Are you sure you want to continue connecting (yes/no)? ",
    "(bob@bank.example) Password: ", "(bob@bank.example) bob@bank.example's password: ", "PASSWORD: ",
    "One-time Password: ",
    "bob@host.example's password:",
  ])
  func serversChooseNoLogin(text: String) throws {
    let account = try #require(SSHAccount(Array("bob@evil.example".utf8)))
    #expect(Question("(bob@evil.example) " + text) == .other(server: account))
  }

  /// A user name can look like a prompt, but not in its prompt.
  @Test(arguments: [
    "bob@bank.example) Password: ", "bob@bank.example's password: ", "bob@bank.example) bob@bank.example's password: ",
  ])
  func userNamesAreNotPrompts(user: String) {
    for text in ["\(user)@evil.example's password: ", "(\(user)@evil.example) Password: "] {
      #expect(!Question(text).isAnswerable, "\(text)")
    }
  }

  @Test func longPromptsHaveNoAnswer() {
    let user = String(repeating: "x", count: Question.longestPrompt)
    #expect(Question("\(user)@host.example's password: ") == .other(server: nil))
  }

  @Test func anyBytesAreClassified() {
    var random = SeededGenerator(seed: 15)
    let rows = Prompts.all.map(\.prompt)
    for _ in 0..<2000 {
      var text = rows[Int.random(in: 0..<rows.count, using: &random)]
      for _ in 0..<Int.random(in: 0...4, using: &random) {
        text.insert(UInt8.random(in: 0...255, using: &random), at: Int.random(in: 0...text.count, using: &random))
      }
      _ = Question(text)
    }
    #expect(Question([0xFF, 0xFE]) == .other(server: nil))
  }
}

extension Question {
  init(_ prompt: String, sudoPrompts: [SudoPrompt] = []) { self.init(Array(prompt.utf8), sudoPrompts: sudoPrompts) }
}
