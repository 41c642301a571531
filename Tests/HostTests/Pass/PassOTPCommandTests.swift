import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// The command `otp`, compared with Debian's pass and its extension pass-otp.
@Suite(.serialized) struct PassOTPCommandTests {
  private static let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
  /// A code that changes once in 31 years, so that both programs print the same.
  private static let totp = "otpauth://totp/Example:alice?secret=\(secret)&period=1000000000&issuer=Example"

  private let home: PassHome
  private let store: PasswordStore

  init() throws {
    home = try PassHome()
    store = try PasswordStore()
  }

  /// Runs a command line in both, and compares status, output and errors.
  ///
  /// - Parameters:
  ///   - isUsage: whether ours has the status 64 for pass's 1.
  ///   - created: the folder whose creation pass reports.
  private func compare(_ arguments: [String], _ input: String? = nil, isUsage: Bool = false) throws {
    let stream = input.map { Input.text($0) } ?? .none
    let theirs = try store.pass(arguments, input: stream)
    let ours = try home.pass(arguments, input: stream)
    #expect(ours.status == (isUsage && theirs.status == 1 ? 64 : theirs.status), "\(arguments): \(ours.error)")
    let output = theirs.lines.filter { !$0.hasPrefix("mkdir: created directory") }
    #expect(ours.lines == output, "\(arguments)")
    #expect(ours.error == theirs.error, "\(arguments)")
  }

  @Test func validate() throws {
    for uri in [
      Self.totp, "otpauth://hotp/a?secret=ABCD&counter=1", "otpauth://totp/a:b:c?secret=x", "", "https://a.example",
      "otpauth://totp/?secret=ABCD", "otpauth://totp/a?issuer=b", "otpauth://hotp/a?secret=ABCD",
      "otpauth://totp/\"a`?issuer=b",
    ] {
      try compare(["otp", "validate", uri])
    }
  }

  @Test func insertAndPrint() throws {
    try compare(["otp", "insert", "codes/a"], Self.totp + "\n")
    try compare(["show", "codes/a"])
    try compare(["otp", "codes/a"])
    try compare(["otp", "code", "codes/a"])
    try compare(["otp", "show", "--", "codes/a"])
    try compare(["otp", "uri", "codes/a"])
    try compare(["otp", "insert", "-f", "codes/quoted"], "otpauth://totp/`a\"?secret=ABCD&period=1000000000")
    try compare(["otp", "uri", "codes/quoted"])
    try compare(["otp", "insert"], Self.totp)
    try compare(["show", "Example/alice"])
    // pass-otp prints what was typed.
    let bad = try home.pass("otp", "insert", "codes/bad", input: .text("something else\n"))
    #expect(bad.status == 1 && bad.error == "Cannot parse OTP key URI: …\n")
    try compare(["show", "codes/bad"])
  }

  @Test func insertFromASecret() throws {
    for (index, options) in [
      ["-s", "-i", "Big Corp"], ["-s", "-a", "me@a.example"], ["--secret", "--issuer=Corp", "--account", "a/b"],
      ["-fesi", "Corp", "-a", "x"],
    ].enumerated() {
      try compare(["otp", "insert"] + options + ["codes/\(index)"], Self.secret + "\n")
      try compare(["show", "codes/\(index)"])
    }
    try compare(["otp", "insert", "-s", "codes/none"], Self.secret + "\n")
    try compare(["otp", "insert", "-s", "-i", "Corp", "-a", "me"], Self.secret + "\n")
    try compare(["show", "Corp/me"])
  }

  @Test func append() throws {
    try compare(["insert", "-m", "codes/a"], "password\nnote\n")
    try compare(["otp", "codes/a"])
    try compare(["otp", "append", "codes/a"], Self.totp)
    try compare(["show", "codes/a"])
    try compare(["otp", "codes/a"])
    try compare(["otp", "append", "-s", "-i", "Corp", "codes/a"], Self.secret)
    try compare(["show", "codes/a"])
    try compare(["otp", "append", "codes/missing"], Self.totp)
  }

  @Test func errors() throws {
    try compare(["otp", "missing"])
    try compare(["otp", "uri", "missing"])
    try compare(["otp"], isUsage: true)
    try compare(["otp", "a", "b"], isUsage: true)
    try compare(["otp", "--none", "a"], isUsage: true)
    try compare(["otp", "uri"], isUsage: true)
    try compare(["otp", "append"], isUsage: true)
    try compare(["otp", "insert", "--none"], isUsage: true)
    try compare(["otp", "insert", "-i"], isUsage: true)
    try compare(["otp", "../a"])
  }

  /// What pass-otp cannot do, or does otherwise.
  @Test func beyondPassOTP() throws {
    try home.pass("insert", "-m", "shop.example/alice", input: .text("password\nnote\n")).expectSuccess()
    try home.pass("otp", "insert", "shop.example/alice", input: .text("steam://\(Self.secret)")).expectSuccess()
    #expect(try home.pass("show", "shop.example/alice").output == "password\nnote\nsteam://\(Self.secret)\n")
    #expect(try home.pass("otp", "--at", "59", "shop.example/alice").output == "PV9M4\n")
    #expect(try home.pass("otp", "--at", "1970-01-01T00:00:59Z", "shop.example").output == "PV9M4\n")
    #expect(try home.pass("otp", "--next", "--at", "59", "shop.example/alice").status == 64)
    #expect(try home.pass("otp", "--at", "soon", "shop.example/alice").status == 64)
    let hotp = try home.pass("otp", "insert", "h", input: .text("otpauth://hotp/a?secret=ABCD&counter=1"))
    #expect(hotp.status == 0)
    #expect(try home.pass("otp", "--next", "h").status == 64)
    #expect(try home.pass("show", "h").output.contains("counter=1"))
  }

  /// Firefox would fill in a URI in line 1, so that a new login of a site has an empty password.
  @Test func aNewLoginOfASiteHasNoPassword() throws {
    for (name, text) in [("new.example/bob", "\n\(Self.totp)\n"), ("Codes/bob", "\(Self.totp)\n")] {
      try home.pass("otp", "insert", name, input: .text(Self.totp)).expectSuccess()
      #expect(try home.pass("show", name).output == text)
      #expect(try home.pass("otp", "--at", "59", name).status == 0)
    }
    // The URI gives the name.
    try home.pass("otp", "insert", input: .text("otpauth://totp/other.example:bob?secret=ABCD&issuer=other.example"))
      .expectSuccess()
    #expect(try home.pass("show", "other.example/bob").output.hasPrefix("\notpauth://"))
    // A password that comes later keeps the code.
    try home.pass("insert", "-e", "new.example/bob", input: .text("secret\n")).expectSuccess()
    #expect(try home.pass("show", "new.example/bob").output == "secret\n\(Self.totp)\n")
  }

  /// A URI, which a stranger may have written, does not choose an entry that exists.
  @Test func aURIDoesNotChooseAnEntryThatExists() throws {
    try home.pass("insert", "-m", "shop.example/alice", input: .text("password\n\(Self.totp)\n")).expectSuccess()
    let uri = "otpauth://totp/shop.example:alice?secret=ABCD"
    #expect(try home.pass("otp", "insert", input: .text(uri)).status == 1)
    #expect(try home.pass("show", "shop.example/alice").output == "password\n\(Self.totp)\n")
    try home.pass("otp", "insert", "-f", input: .text(uri)).expectSuccess()
    #expect(try home.pass("show", "shop.example/alice").output == "password\n\(uri)\n")
  }

  /// No error contains the secret of a URI that was typed.
  @Test func errorsContainNoSecret() throws {
    for uri in ["otpauth://hotp/a?secret=\(Self.secret)", Self.secret, "otpauth://totp/\(Self.secret)"] {
      let run = try home.pass("otp", "insert", "codes/a", input: .text(uri))
      #expect(run.status == 1)
      #expect(!run.error.contains(Self.secret) && !run.output.contains(Self.secret))
    }
  }
}
