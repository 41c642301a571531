import LockwiseCore
import Testing

@testable import LockwiseEnv

@Suite struct ParsedArgumentsTests {
  private static let options: [CommandSyntax.Option] = [
    .init(short: "f", long: "file", value: "FILE", help: "read this file"),
    .init(short: "n", long: "no-newline", help: "end without a newline"),
    .init(long: "mask", help: "hide secrets"),
  ]
  private let mixed = CommandSyntax(name: "mixed", operandText: "", summary: "Test", options: options)
  private let program = CommandSyntax(
    name: "program", operandText: "", summary: "Test", options: options, operands: .program)

  private func parse(_ arguments: [String], _ syntax: CommandSyntax) throws -> ParsedArguments {
    try ParsedArguments(arguments.map { Array($0.utf8) }, syntax)
  }

  private func texts(_ bytes: [[UInt8]]) -> [String] { bytes.map { String(decoding: $0, as: UTF8.self) } }

  @Test func mixesOptionsAndOperands() throws {
    let parsed = try parse(["a", "-nf", "x", "--file=y=z", "--file", "-", "b", "-fw", "-", "--", "-n"], mixed)
    #expect(texts(parsed.values(of: "file")) == ["x", "y=z", "-", "w"])
    #expect(texts(parsed.operands) == ["a", "b", "-", "-n"])
    #expect(parsed.has("no-newline") && !parsed.has("mask"))
  }

  @Test(arguments: [
    (["A=1", "--mask", "B=2", "env", "--mask", "C=3"], ["A=1", "B=2"], ["env", "--mask", "C=3"]),
    (["--mask", "--", "A=1", "x"], [], ["A=1", "x"]),
    (["--mask", "A=1", "--"], ["A=1"], []),
    (["--mask", "env", "--", "x"], [], ["env", "--", "x"]),
  ])
  func endsAtTheProgram(arguments: [String], operands: [String], rest: [String]) throws {
    let parsed = try parse(arguments, program)
    #expect(texts(parsed.operands) == operands && texts(parsed.program) == rest)
    #expect(texts(parsed.values(of: "mask")) == [""])
  }

  @Test(arguments: [
    (["--fil", "x"], "unknown option --fil"), (["-x"], "unknown option -x"), (["-nx"], "unknown option -x"),
    (["--file"], "--file needs a value"), (["-nf"], "-f needs a value"), (["--mask=secret"], "--mask has no value"),
  ])
  func refusesWrongArguments(arguments: [String], message: String) throws {
    let error = #expect(throws: UserFacingError.self) { _ = try parse(arguments, mixed) }
    #expect(error?.message == message && error?.exitCode == .usage)
    #expect(error?.hints.last == "see lockwise-env mixed --help")
  }

  @Test func keepsBytesThatAreNotText() throws {
    let parsed = try ParsedArguments([[0xFF, 0x3D, 0xFE], Array("-f".utf8), [0xC0]], mixed)
    #expect(parsed.operands == [[0xFF, 0x3D, 0xFE]] && parsed.values(of: "file") == [[0xC0]])
  }

  @Test func stopsAtHelp() throws {
    #expect(try parse(["--mask", "--help", "--unknown"], mixed).wantsHelp)
  }
}
