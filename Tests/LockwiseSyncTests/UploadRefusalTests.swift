import Testing

@testable import LockwiseSync

/// The texts that are shown for a server's reasons.
@Suite struct UploadRefusalTests {
  @Test(arguments: [
    ("retry bytes", "larger than the server accepts"), ("retry bso", "too many records in one upload"),
    ("Retry BSO (3)", "too many records in one upload"), ("db error", "the server could not store it"),
    ("invalid bso: sortindex", "the server considers it invalid"),
    ("unknown field x", "the server considers it invalid"),
    ("<script>alert(1)</script>", "not accepted by the server"), ("\u{1B}[31mred", "not accepted by the server"),
    ("", "not accepted by the server"),
  ])
  func hidesTheServersOwnWords(raw: String, shown: String) { #expect(UploadRefusal.text(for: raw) == shown) }
}
