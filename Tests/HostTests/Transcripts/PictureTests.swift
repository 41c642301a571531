import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// The pictures of `docs/pictures`, which `contrib/pictures` draws from conversations that `TranscriptFileTests` runs.
@Suite struct PictureTests {
  private static let conversations = "Tests/Transcripts"
  private static let pictures = "docs/pictures"

  private let scratch: Scratch

  /// Copies the script, the conversations and the pictures.
  init() throws {
    scratch = try Scratch()
    let files = FileManager.default
    for folder in ["contrib", Self.conversations, Self.pictures] {
      try files.createDirectory(atPath: scratch.root + "/" + folder, withIntermediateDirectories: true)
      for name in try files.contentsOfDirectory(atPath: Readme.root.path + "/" + folder)
      where folder == Self.pictures || name.hasPrefix("picture") {
        try files.copyItem(
          atPath: "\(Readme.root.path)/\(folder)/\(name)", toPath: "\(scratch.root)/\(folder)/\(name)")
      }
    }
  }

  private static let names = TranscriptFile.all.map(\.name).filter { $0.hasPrefix("picture-") }
    .map { String($0.dropFirst("picture-".count)) }

  /// Runs `contrib/pictures` on the copies.
  private func draw(_ arguments: String...) throws -> Run {
    try Run.program(
      Executables.ofSystem("python3"), [scratch.root + "/contrib/pictures"] + arguments,
      environment: scratch.environment)
  }

  private func read(_ path: String) throws -> String {
    try String(contentsOfFile: scratch.root + "/" + path, encoding: .utf8)
  }

  @Test func noPictureIsOlderThanItsConversation() throws {
    let run = try draw("--check")
    #expect(run.status == 0 && run.error == "", "\(run.error)")
    #expect(Self.names.count >= 4)
  }

  @Test(arguments: names) func theSameConversationGivesTheSameBytes(_ name: String) throws {
    let paths = ["\(name).svg", "\(name)-still.svg", "\(name).txt"].map { Self.pictures + "/" + $0 }
    let before = try paths.map(read)
    for path in paths { unlink(scratch.root + "/" + path) }
    try draw(name).expectSuccess()
    #expect(try paths.map(read) == before)
  }

  @Test(arguments: names) func anOlderPictureIsReported(_ name: String) throws {
    let path = "\(Self.conversations)/picture-\(name).txt"
    try scratch.write(read(path) + "\n$ true\n", to: scratch.root + "/" + path)
    let run = try draw("--check")
    #expect(run.status == 1)
    #expect(run.errorLines.count == 3 && run.errorLines.allSatisfy { $0.contains("/\(name)") }, "\(run.error)")
  }

  @Test func aPictureWithoutAConversationIsReported() throws {
    let name = try #require(Self.names.first)
    unlink("\(scratch.root)/\(Self.conversations)/picture-\(name).txt")
    let run = try draw("--check")
    #expect(run.status == 1 && run.errorLines.count == 3, "\(run.error)")
    unlink("\(scratch.root)/\(Self.pictures)/\(name).svg")
    #expect(try draw("--check").errorLines.count == 2)
  }

  @Test(
    arguments: [
      ("% a\n{hex}\n", "differs from run to run"), ("% a\n...\n", "differs from run to run"),
      ("% a\nx {time} y\n", "differs from run to run"), ("$ cat\n< typed\n", "standard input"),
      ("% " + String(repeating: "a", count: 800) + "\n", "at most 20"),
      (String(repeating: "$ a\nb\nc\nd\n", count: 9), "at most 26"),
    ])
  func refusesWhatCannotBeDrawn(conversation: String, reason: String) throws {
    try scratch.write(
      "# Title\n# Text.\n\n" + conversation, to: "\(scratch.root)/\(Self.conversations)/picture-new.txt")
    let run = try draw("new")
    #expect(run.status == 1 && run.errorLines.count == 1 && run.error.contains(reason), "\(run.error)")
    #expect(access("\(scratch.root)/\(Self.pictures)/new.svg", F_OK) != 0)
  }

  /// Readers without animation get a still picture and the text, and screen readers a description.
  @Test(arguments: names) func aDocumentShowsThePicture(_ name: String) throws {
    let documents =
      try ["README.md"]
      + FileManager.default.contentsOfDirectory(atPath: Readme.root.path + "/docs").map { "docs/" + $0 }
    let texts = try documents.filter { $0.hasSuffix(".md") }
      .map { try String(contentsOf: Readme.root.appendingPathComponent($0), encoding: .utf8) }
    let text = try #require(texts.first { $0.contains("pictures/\(name).svg\" alt=\"A ") }, "no document shows it")
    #expect(text.contains("pictures/\(name)-still.svg\"") && text.contains("pictures/\(name)-still.svg)"))
    #expect(text.contains("pictures/\(name).txt)"))
  }

  /// What GitHub removes from a picture, or a browser would load, is not in it.
  @Test(arguments: names) func thePicturesAreSelfContained(_ name: String) throws {
    for path in ["\(name).svg", "\(name)-still.svg"] {
      let text = try read(Self.pictures + "/" + path)
      #expect(
        !text.contains("<script") && !text.contains("href") && !text.contains("url(") && !text.contains("@import"))
      #expect(text.contains("<title ") && text.contains("prefers-color-scheme:dark"))
      #expect(text.contains("@keyframes") == !path.hasSuffix("-still.svg"))
      #expect(text.contains("prefers-reduced-motion") == !path.hasSuffix("-still.svg"))
      #expect(text.utf8.count < 100_000)
    }
  }
}
