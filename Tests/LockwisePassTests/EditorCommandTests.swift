import Foundation
import LockwiseCLI
import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwisePass

@Suite struct EditorCommandTests {
  @Test func theFirstVariableThatIsSetNamesTheEditor() throws {
    let folder = try TemporaryFolder()
    let environment = Environment(["PATH": folder.path])
    #expect(EditorCommand(environment).text == "vi")
    try Data("#!/bin/sh\n".utf8).write(to: URL(fileURLWithPath: folder.path + "/editor"))
    chmod(folder.path + "/editor", 0o700)
    #expect(EditorCommand(environment).text == "editor")
    let both = environment.setting("EDITOR", to: "ed -s")
    #expect(EditorCommand(both).text == "ed -s")
    #expect(EditorCommand(both.setting("VISUAL", to: "code --wait")).text == "code --wait")
    #expect(EditorCommand(both.setting("VISUAL", to: "")).text == "ed -s")
    #expect(EditorCommand(both).arguments(opening: "/dev/shm/a b") == ["-c", "ed -s \"$@\"", "ed -s", "/dev/shm/a b"])
  }

  @Test func vimIsRecognisedByItsNameAndThroughLinks() throws {
    let folder = try TemporaryFolder()
    for name in ["vim.basic", "nano"] {
      try Data("#!/bin/sh\n".utf8).write(to: URL(fileURLWithPath: folder.path + "/" + name))
      chmod(folder.path + "/" + name, 0o700)
    }
    #expect(symlink("vim.basic", folder.path + "/editor") == 0)
    #expect(symlink("nano", folder.path + "/pico") == 0)
    let search = ProgramSearch(Environment(["PATH": folder.path]))
    for command in [
      "vim", "nvim", "gvim -f", "/usr/bin/vim", "vim.tiny -X", "editor", "'vim' -X", "\\vim",
      folder.path + "/editor -y",
    ] {
      #expect(EditorCommand.isVim(command, search), "\(command)")
    }
    for command in ["nano", "pico", "vimtutor", "evil", "ed", "", "emacs vim", "sh -c vim", "./vimish", "missing"] {
      #expect(!EditorCommand.isVim(command, search), "\(command)")
    }
  }

  @Test func aNameBecomesOneSafePartOfAPath() {
    for (name, expected) in [
      ("example.com/alice", "AbCdEf-example.com-alice.txt"), ("../../etc/passwd", "AbCdEf-..-..-etc-passwd.txt"),
      ("/", "AbCdEf--.txt"), ("a\nb\u{1B}", "AbCdEf-a?b?.txt"), ("", "AbCdEf-.txt"),
      (String(repeating: "ü", count: 200), "AbCdEf-" + String(repeating: "ü", count: 100) + ".txt"),
    ] {
      #expect(BodyEditor.fileName(for: name, random: "AbCdEf") == expected)
    }
  }
}
