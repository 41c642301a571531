import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// HOTP codes of two vaults that share an account.
@Suite(.serialized) struct PassCounterTests {
  private static let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
  /// RFC 4226 appendix D: the codes of the counters 0 to 9, and further ones by oathtool.
  private static let codes = [
    "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489", "403154",
  ]

  /// A vault whose lockwise-pass finds no lockwise-sync, so that only the test pushes and pulls.
  private struct Device {
    let home: TestHome
    let program: String

    init(_ home: TestHome) throws {
      self.home = home
      home.mayWrite = true
      try home.signInAndPull()
      program = try home.scratch.copy(of: "lockwise-pass")
    }

    func pass(_ arguments: String..., input: Input = .none) throws -> Run {
      let environment = home.scratch.environment.merging(["PATH": "/usr/bin:/bin"]) { $1 }
      return try Run.program(program, arguments, input: input, environment: environment).expectSuccess()
    }

    /// Returns the next code.
    func code() throws -> String { String(try pass("otp", "tokens/bank").output.dropLast()) }

    func exchange() throws {
      try home.sync("pull").expectSuccess()
      try home.sync("push").expectSuccess()
    }
  }

  @Test func theHigherCounterWins() throws {
    let first = try Device(TestHome())
    let second = try Device(TestHome(sandbox: first.home.sandbox))
    let uri = "otpauth://hotp/bank?secret=\(Self.secret)&counter=0&digits=6"
    _ = try first.pass("insert", "-m", "tokens/bank", input: .text("password\n\(uri)\nnote\n"))
    try first.exchange()
    try second.exchange()
    // Without an exchange neither can know the other's count.
    for counter in 1...3 { #expect(try first.code() == Self.codes[counter]) }
    for counter in 1...2 { #expect(try second.code() == Self.codes[counter]) }
    for device in [first, second, first] { try device.exchange() }
    #expect(try second.code() == Self.codes[4])
    for counter in 4...5 { #expect(try first.code() == Self.codes[counter]) }
    for device in [second, first, second] { try device.exchange() }
    for counter in [6, 8, 10] {
      #expect(try second.code() == Self.codes[counter])
      for device in [second, first] { try device.exchange() }
      guard counter < 10 else { break }
      #expect(try first.code() == Self.codes[counter + 1])
      for device in [first, second] { try device.exchange() }
    }
    for device in [first, second] {
      let body = "password\notpauth://hotp/bank?secret=\(Self.secret)&counter=10&digits=6\nnote\n"
      #expect(try device.pass("show", "tokens/bank").output == body)
    }
  }

  /// Two processes at once never print the same code.
  @Test func noCodeIsUsedTwice() throws {
    let home = try PassHome()
    let uri = "otpauth://hotp/bank?counter=41&secret=\(Self.secret)"
    try home.pass("otp", "insert", "tokens/bank", input: .text(uri)).expectSuccess()
    let runs = try (0..<8).map { _ in
      try RunningProgram(home.bin + "/pass", ["otp", "tokens/bank"], environment: home.environment)
    }
    let codes = try runs.map { try $0.finish().expectSuccess().output }
    let tool = try Executables.ofSystem("oathtool")
    let expected = try (42...49).map {
      try Run.program(tool, ["--hotp", "-b", "-c", "\($0)", Self.secret], environment: home.environment).output
    }
    #expect(codes.sorted() == expected.sorted())
    #expect(try home.pass("show", "tokens/bank").output == "otpauth://hotp/bank?counter=49&secret=\(Self.secret)\n")
  }
}
