import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwisePass

/// The parsing of options, as getopt(1) does it.
@Suite struct GetoptArgumentsTests {
  private static let show: [GetoptArguments.Option] = [
    .init("q", "qrcode", .optional), .init("c", "clip", .optional), .init("p", "path", .required),
    .init("f", "force"), .init("m", "multiline"), .init("e", "echo"),
  ]
  private static let ofGetopt = ["-o", "q::c::p:fme", "-l", "qrcode::,clip::,path:,force,multiline,echo", "-n", "pass"]

  private func parse(_ words: String...) -> GetoptArguments { GetoptArguments(words, Self.show) }

  @Test func acceptsOptionsAnywhere() {
    let parsed = parse("a", "-c3", "b", "--qrcode=2", "--", "-c")
    #expect(parsed.operands == ["a", "b", "-c"])
    #expect(parsed.value("clip") == "3")
    #expect(parsed.value("qrcode") == "2")
    #expect(parsed.errors == [])
  }

  @Test func splitsBundles() {
    let parsed = parse("-mfc", "-", "-epx", "--path", "-f")
    #expect(parsed.options.map(\.name) == ["multiline", "force", "clip", "echo", "path", "path"])
    #expect(parsed.options.map(\.value) == ["", "", "", "", "x", "-f"])
    #expect(parsed.operands == ["-"])
  }

  @Test func reportsEachMistake() {
    let parsed = parse("-x", "--nothing=1", "--force=1", "--path")
    #expect(
      parsed.errors == [
        "invalid option -- 'x'", "unrecognized option '--nothing=1'", "option '--force' doesn't allow an argument",
        "option '--path' requires an argument",
      ])
    #expect(parse("-p").errors == ["option requires an argument -- 'p'"])
  }

  @Test func stopsAtTheFirstOperandIfToldTo() {
    let parsed = GetoptArguments(["-f", "a", "-m", "--"], Self.show, stopsAtOperand: true)
    #expect(parsed.options.map(\.name) == ["force"])
    #expect(parsed.operands == ["a", "-m", "--"])
  }

  /// Abbreviations that work with pass go on working where we have more options.
  @Test func prefersThePassOptionsOfAnAbbreviation() {
    let options: [GetoptArguments.Option] = [.init("f", "force"), .own("free"), .own("field", .required), .own("flat")]
    #expect(GetoptArguments(["--f"], options).options.map(\.name) == ["force"])
    #expect(GetoptArguments(["--fr"], options).options.map(\.name) == ["free"])
    let ambiguous = GetoptArguments(["--fl", "--fi=x", "--fo"], options)
    #expect(ambiguous.options.map(\.name) == ["flat", "field", "force"])
    let own: [GetoptArguments.Option] = [.own("field", .required), .own("flat")]
    #expect(
      GetoptArguments(["--f"], own).errors == ["option '--f' is ambiguous; possibilities: '--field' '--flat'"])
  }

  /// Random command lines, also given to the getopt(1) of this machine.
  @Test func agreesWithGetopt() throws {
    let seed = TestSeed.seed(for: "getopt")
    var random = SeededGenerator(seed: seed)
    let words = [
      "-f", "-m", "-mf", "-c", "-c3", "-fc3", "-q", "-cq", "-p", "-px", "-fp", "-x", "-fx", "--", "-", "", "a", "b c",
      "--force", "--f", "--fo", "--force=1", "--clip", "--clip=", "--clip=4", "--c=x=y", "--path", "--path=",
      "--path=z",
      "--pa", "--multi", "--none", "--none=1", "--e", "--q", "---", "--=", "it's",
    ]
    for _ in 0..<400 {
      let line = (0..<Int.random(in: 0...5, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }
      let parsed = GetoptArguments(line, Self.show)
      let real = try Self.getopt(line)
      #expect(Self.text(parsed) == real.words, "\(line), seed \(seed)")
      #expect(parsed.errors.map { "pass: \($0)" } == real.errors, "\(line), seed \(seed)")
    }
  }

  /// The words in the order and form in which getopt prints them.
  private static func text(_ parsed: GetoptArguments) -> [String] {
    parsed.options.flatMap { name, value -> [String] in
      let option = show.first { $0.long == name }
      return option?.argument == GetoptArguments.Argument.none ? ["--" + name] : ["--" + name, value]
    } + ["--"] + parsed.operands
  }

  private static func getopt(_ line: [String]) throws -> (words: [String], errors: [String]) {
    // The shell undoes getopt's quoting.
    let script = #"words=$(getopt "$@"); eval set -- "$words"; for word; do printf '%s\0' "$word"; done"#
    let ended = try TestProcess.run(
      ["/bin/sh", "-c", script, "sh"] + ofGetopt + ["--"] + line, environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C"])
    let longs = Dictionary(
      uniqueKeysWithValues: show.compactMap { option in option.short.map { ("-\($0)", "--" + option.long) } })
    var isOption = true
    var isValue = false
    let named = ended.output.split(separator: 0, omittingEmptySubsequences: false).dropLast().map { bytes -> String in
      let word = String(decoding: bytes, as: UTF8.self)
      guard isOption, !isValue else {
        isValue = false
        return word
      }
      if word == "--" {
        isOption = false
        return word
      }
      let long = longs[word] ?? word
      isValue = show.first { "--" + $0.long == long }?.argument != GetoptArguments.Argument.none
      return long
    }
    return (named, String(decoding: ended.errors, as: UTF8.self).split(separator: "\n").map(String.init))
  }
}
