import Testing

@testable import LockwisePass

/// The parsing of options, as getopt(1) does it.
@Suite struct GetoptArgumentsTests {
  private static let show: [GetoptArguments.Option] = [
    .init("q", "qrcode", .optional), .init("c", "clip", .optional), .own("field", .required), .own("json"),
  ]

  private func parse(_ words: String...) -> GetoptArguments { GetoptArguments(words, Self.show) }

  @Test func acceptsOptionsAnywhere() {
    let parsed = parse("a", "-c3", "b", "--qrcode=2", "--", "-c")
    #expect(parsed.operands == ["a", "b", "-c"])
    #expect(parsed.value("clip") == "3")
    #expect(parsed.value("qrcode") == "2")
    #expect(parsed.errors == [])
  }
}
