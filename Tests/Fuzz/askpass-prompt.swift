@testable import LockwiseAskpass
@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseGit

/// Checks that a prompt is answerable only if it can be put together again from the parts that choose the login, and
/// that a server's text chooses nothing. The first byte is the length of a site's own prompt of sudo.
func fuzz(_ input: UnsafeRawBufferPointer) {
  let bytes = Array(input)
  check(bytes)
  guard let length = bytes.first.map(Int.init), bytes.count > length else { return }
  let template = SudoPrompt(
    String(decoding: bytes[1..<1 + length], as: UTF8.self), runner: "ann", machine: "vm.example")
  if case .named(let user) = template.user(in: Array(bytes[(1 + length)...])) {
    precondition(!user.isEmpty && contains(Array(bytes[(1 + length)...]), user))
  }
}

private func check(_ prompt: [UInt8]) {
  let question = Question(prompt)
  precondition(question == Question(prompt))
  if prompt.first == UInt8(ascii: "(") { checkServerText(prompt, question) }
  switch question {
  case .sshPassword(let user, let host, let isServerWritten):
    precondition(isServerWritten == (prompt.first == UInt8(ascii: "(")))
    precondition(SSHAccount(Array("\(user)@\(host)".utf8)) != nil)
    let beginning = isServerWritten ? "(\(user)@\(host)) " : "\(user)@\(host)'s password: "
    precondition(prompt.starts(with: beginning.utf8) && (isServerWritten || prompt.count == beginning.utf8.count))
    precondition(!host.utf8.contains(UInt8(ascii: "@")) && !user.isEmpty)
  case .keyPassphrase(let key):
    precondition(key.path.map { !$0.isEmpty && contains(prompt, String(decoding: $0, as: UTF8.self)) } ?? true)
  case .sudoPassword(let user):
    precondition(user.map { contains(prompt, $0) } ?? true)
  case .gitUserName(let url), .gitPassword(let url):
    precondition(!url.origin.host.isEmpty && Origin(url.origin.serialized) == url.origin)
    precondition(prompt.filter { $0 == UInt8(ascii: "@") }.count <= 1)
    precondition(url.path?.isEmpty != true && url.username?.isEmpty != true)
  default: precondition(!question.isAnswerable)
  }
}

/// The account in the prefix is the only one that can be chosen, whatever the server writes after it.
private func checkServerText(_ prompt: [UInt8], _ question: Question) {
  switch question {
  case .sshPassword, .other: break
  default: preconditionFailure("another question in a server's text")
  }
  let forged = Array("(bob@evil.example) ".utf8) + prompt
  if case .sshPassword(let user, let host, _) = Question(forged) {
    precondition(user == "bob" && host == "evil.example")
  }
}

private func contains(_ bytes: [UInt8], _ text: String) -> Bool {
  let part = Array(text.utf8)
  // Text that is not UTF-8 was decoded with replacement characters.
  guard !text.unicodeScalars.contains("\u{FFFD}") else { return true }
  return bytes.indices.contains { bytes[$0...].starts(with: part) }
}
