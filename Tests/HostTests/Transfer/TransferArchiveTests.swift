import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// `lockwise-sync import` of 1Password's archive, with the real unzip.
@Suite struct TransferArchiveTests {
  private let home: TransferHome

  init() throws { home = try TransferHome() }

  /// Makes an archive with Python's zipfile from a script that has `archive` open for writing.
  private func archive(_ name: String, _ script: String) throws -> String {
    let path = home.scratch.root + "/" + name
    let program =
      "import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as archive:\n"
      + script.split(separator: "\n").map { "  \($0)\n" }.joined()
    try Run.program(
      "/usr/bin/python3", ["-c", program, path, TransferHome.fixture("1pux-export.data")],
      environment: home.scratch.environment
    ).expectSuccess()
    return path
  }

  private static let whole = """
    archive.writestr('export.attributes', '{"version": 3}')
    archive.write(sys.argv[2], 'export.data')
    archive.writestr('files/x', 'a document')
    """

  /// Names that unzip would treat as patterns or options.
  @Test(arguments: ["plain.1pux", "a [b]*?.1pux", "-x.1pux", "no suffix"]) func readsTheArchive(name: String) throws {
    let path = try archive(name, Self.whole)
    let run = try home.sync("import", "--yes", path).expectSuccess()
    #expect(run.lines.first == "format     1Password 1PUX" && run.lines.last == "9 logins imported", "\(run.output)")
    #expect(try home.passwords()["https://shop.example:444 marie"] == "a\"b,c")
  }

  @Test func refusesArchivesWithoutData() throws {
    let path = try archive("other.zip", "archive.writestr('data.json', '{}')")
    try home.sync("import", "--yes", path).expectRefusal(64, "cannot read the archive")
    try home.sync("import", "--yes", home.file("cut.1pux", "PK\u{3}\u{4}garbage")).expectRefusal(64, "the archive")
    let twice = try archive("twice.1pux", Self.whole + "\narchive.writestr('export.data', '{}')")
    #expect(try home.sync("import", "--yes", twice).status == 64)
    #expect(try home.outboxCount() == 0)
  }

  /// Some kilobytes become a gigabyte.
  @Test func refusesAnArchiveThatIsTooLarge() throws {
    let path = try archive(
      "bomb.1pux", "with archive.open('export.data', 'w') as data:\n  for _ in range(1024): data.write(bytes(1 << 20))")
    #expect((try Data(contentsOf: URL(fileURLWithPath: path)).count) < 2 << 20)
    try home.sync("import", "--yes", path).expectRefusal(64, "too large")
  }

  @Test func needsAPathAndUnzip() throws {
    let path = try archive("plain.1pux", Self.whole)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    try home.sync("import", "--yes", "-", input: .bytes(bytes)).expectRefusal(
      64, "from standard input", "name the path")
    home.scratch.environment["PATH"] = Executables.directory
    try home.sync("import", "--yes", path).expectRefusal(1, "the program unzip is missing", "install unzip")
  }
}
