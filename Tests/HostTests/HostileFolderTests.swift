import Foundation
import Testing

@testable import LockwiseHostSupport

/// No program in the current folder is run, because for a git helper that is a stranger's repository.
///
/// The programs run in a folder with an executable of every name that one of them looks for, and with values of
/// `PATH` that lead there. strace(1) shows which programs run.
@Suite final class HostileFolderTests {
  /// Every name that a program of the suite, or one that it starts, may look for.
  private static let names = [
    "pinentry", "pinentry-curses", "pinentry-gnome3", "pinentry-gtk-2", "pinentry-qt", "pinentry-tty", "pinentry-mac",
    "lockwise-sync", "lockwise-sandbox", "git-credential-lockwise", "lockwise-askpass", "lockwise-pass", "lockwise-env",
    "docker-credential-lockwise", "docker", "direnv", "systemctl", "gdbus", "git", "git-config", "ssh",
    "sh", "dash", "bash", "env", "true", "cat", "echo", "stty", "tty", "hostname", "uname", "xdg-open", "open", "gio",
    "x-www-browser", "www-browser", "sensible-browser", "firefox", "firefox-esr", "chromium", "google-chrome", "w3m",
    "lynx", "browser", "python", "python3", "perl", "oathtool", "pass", "gpg", "secret-tool", "ssh-askpass", "openssl",
    "curl", "ssh-keygen", "ssh-add", "sudo", "swift-backtrace", "gdb", "lldb", "llvm-symbolizer", "addr2line",
  ]
  private static let empty = "(a folder that lacks them)"
  private static let paths: [String?] = [empty, "", ".", ":", "bin", "./bin:.", nil]

  private let stage: TestHome
  private let hostile: String
  private let log: String

  init() throws {
    stage = try TestHome()
    stage.mayWrite = true
    hostile = stage.scratch.root + "/hostile"
    log = stage.scratch.root + "/was-run"
    try FileManager.default.createDirectory(atPath: stage.scratch.root + "/empty", withIntermediateDirectories: false)
    for folder in [hostile, hostile + "/bin"] {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
      for name in Self.names {
        try stage.scratch.write("#!/bin/sh\necho \"$0\" >>\(log)\nexit 1\n", to: folder + "/" + name)
      }
    }
  }

  /// Runs a copy of a program, without others next to it, in the hostile folder.
  @discardableResult
  private func run(
    _ program: String, _ arguments: [String], input: Input = .none, path: String?,
    with variables: [String: String] = [:], without removed: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Run {
    let copy = stage.scratch.root + "/" + program
    if access(copy, X_OK) != 0 { _ = try stage.scratch.copy(of: program) }
    var environment = stage.scratch.environment
    environment["PATH"] = path == Self.empty ? stage.scratch.root + "/empty" : path
    if let removed { environment[removed] = nil }
    for (name, value) in variables { environment[name] = value }
    let trace = stage.scratch.root + "/strace-\(UUID().uuidString)"
    let run = try Run.program(
      Executables.ofSystem("env"),
      ["-C", hostile, Executables.ofSystem("strace"), "-f", "-y", "-s", "256", "-e", "trace=execve,execveat"]
        + ["-o", trace, copy] + arguments, input: input, environment: environment)
    let calls = try SystemCallTrace(parsing: String(contentsOfFile: trace, encoding: .utf8)).calls
    #expect(!calls.isEmpty, sourceLocation: sourceLocation)
    for call in calls {
      let file = call.path ?? ""
      #expect(file.hasPrefix("/"), "\(arguments), PATH \(path ?? "unset"): \(call)", sourceLocation: sourceLocation)
      #expect(
        !file.hasPrefix(hostile), "\(arguments), PATH \(path ?? "unset"): \(call)", sourceLocation: sourceLocation)
    }
    let wasRun = try? String(contentsOfFile: log, encoding: .utf8)
    #expect(wasRun == nil, "\(arguments), PATH \(path ?? "unset")", sourceLocation: sourceLocation)
    return run
  }

  private func expectLine(_ run: Run, _ words: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let lines = run.errorLines.filter { !$0.contains(": hint: ") && $0.contains(words) }
    #expect(lines.count == 1, "\"\(words)\" in one line of: \(run.error)", sourceLocation: sourceLocation)
  }

  private static let miss = "protocol=https\nhost=nobody.example\n"
  private static let hit = "protocol=https\nhost=github.com\n"
  private static let new = hit + "username=new\npassword=new\n"

  /// Makes the next pull due.
  private func expire() {
    for name in ["pulled", "pull.lock"] {
      var times = [timeval(tv_sec: 1_000_000_000, tv_usec: 0), timeval(tv_sec: 1_000_000_000, tv_usec: 0)]
      utimes(stage.scratch.vault + "/" + name, &times)
    }
  }

  @Test(.needsTextsInTrace, arguments: paths) func runsNothingFromTheFolderAsHelper(path: String?) throws {
    try stage.signInAndPull()
    for (verb, input) in [
      ("get", Self.hit), ("get", Self.miss), ("store", Self.new), ("erase", Self.new),
      ("erase", Self.hit + "username=mcurie\npassword=ghp_webAndGit0123456789\n"),
    ] {
      expire()
      let run = try run("git-credential-lockwise", [verb], input: .text(input), path: path)
      if verb == "get", input == Self.hit { #expect(run.password == "ghp_webAndGit0123456789") }
      guard path == Self.empty else { continue }
      // Removed, because git cannot report its settings, and because lockwise-sync is missing for uploads and renewals.
      let isUploaded = input != Self.hit || verb == "get"
      if verb == "get" || (verb == "store" && isUploaded) {
        let missing =
          verb == "get"
          ? "the program is neither next to this one nor in PATH" : "cannot find git in the folders of PATH"
        #expect(run.error.contains(missing), "\(verb): \(run.error)")
      }
    }
  }

  @Test(.needsTextsInTrace, arguments: paths) func runsNothingFromTheFolderForDocker(path: String?) throws {
    try stage.signInAndPull()
    let login = #"{"ServerURL":"new.example","Username":"new","Secret":"new"}"#
    for (command, input) in [
      ("get", "github.com"), ("get", "nobody.example"), ("store", login), ("list", ""), ("erase", "new.example"),
    ] {
      expire()
      let run = try run("docker-credential-lockwise", [command], input: .text(input), path: path)
      #expect(run.status == (input == "nobody.example" ? 1 : 0), "\(command): \(run.output)")
      if path == Self.empty { expectLine(run, "the program is neither next to this one nor in PATH") }
    }
  }

  @Test(.needsTextsInTrace, arguments: paths) func runsNothingFromTheFolderToConfigure(path: String?) throws {
    for arguments in [[], ["configure"], ["unconfigure"], ["--version"], ["--help"], ["capability"], ["no-operation"]] {
      let run = try run("git-credential-lockwise", arguments, path: path)
      guard path == Self.empty, ["configure", "unconfigure"].contains(arguments.first) else { continue }
      #expect(run.status == 1)
      expectLine(run, "cannot find git in the folders of PATH")
    }
  }

  @Test(.needsTextsInTrace, arguments: paths) func runsNothingFromTheFolderToPrompt(path: String?) throws {
    try stage.signInAndPull(passphrase: "polonium 50 % & ☢")
    try stage.sync("lock").expectSuccess()
    for pinentry in ["pinentry", "./pinentry", "bin/pinentry", "pinentry-curses"] {
      let variables = ["DISPLAY": ":4711", "LOCKWISE_PINENTRY": pinentry, "GPG_TTY": "/dev/pts/4711"]
      let helper = try run("git-credential-lockwise", ["get"], input: .text(Self.hit), path: path, with: variables)
      #expect(helper.status == 0 && helper.output.isEmpty)
      let unlock = try run("lockwise-sync", ["unlock"], path: path, with: variables)
      #expect(unlock.status == 3, "\(unlock.error)")
      #expect(unlock.errorLines.filter { $0.contains("error: ") }.count == 1, "\(unlock.error)")
      if path == Self.empty { expectLine(unlock, pinentry) }
    }
    let unset = try run(
      "lockwise-sync", ["unlock"], path: path, with: ["DISPLAY": ":4711"], without: "LOCKWISE_PINENTRY")
    if path == Self.empty { expectLine(unset, "pinentry") }
  }

  @Test(.needsTextsInTrace, arguments: paths) func runsNothingFromTheFolderAsAskpass(path: String?) throws {
    try stage.signInAndPull()
    try Run.program(
      Executables.ofSystem("ssh-keygen"), ["-q", "-t", "ed25519", "-N", "radium 88", "-f", hostile + "/id"],
      environment: stage.scratch.environment
    ).expectSuccess()
    for fallback in [nil, "ssh-askpass", "./ssh-askpass", "bin/ssh-askpass"] as [String?] {
      var variables = ["DISPLAY": ":4711"]
      variables["LOCKWISE_ASKPASS_FALLBACK"] = fallback
      for host in ["mcurie@github.com", "nobody.example"] {
        expire()
        let run = try run("lockwise-askpass", ["Password for 'https://\(host)': "], path: path, with: variables)
        #expect(run.output == (host == "nobody.example" ? "" : "ghp_webAndGit0123456789\n"), "\(run.error)")
      }
      let key = try run("lockwise-askpass", ["Enter passphrase for id: "], path: path, with: variables)
      #expect(key.status == 1 && key.output.isEmpty)
      if path == Self.empty, let fallback { expectLine(key, "cannot find the program \(fallback)") }
    }
    let save = try run("lockwise-askpass", ["save", "key", "id"], input: .text("radium 88\n"), path: path)
    if path == Self.empty { #expect(save.status != 0 && save.output.isEmpty, "\(save.error)") }
    try run("lockwise-askpass", ["configure", "ssh"], path: path).expectSuccess()
  }

  @Test(.needsTextsInTrace, arguments: paths) func runsNothingFromTheFolderToSignIn(path: String?) throws {
    for browser in [nil, "firefox", "./browser", "bin/browser", "browser:firefox", "firefox %s"] as [String?] {
      let run = try run(
        "lockwise-sync",
        ["login", "--server", stage.sandbox.url, "--browser", "--answer-stdin", "--key-file", stage.scratch.keyFile],
        input: .text("\n"),
        path: path, with: browser.map { ["DISPLAY": ":4711", "BROWSER": $0] } ?? ["DISPLAY": ":4711"])
      #expect(run.status != 0)
      if path == Self.empty { #expect(run.error.contains(stage.sandbox.url), "the address is shown: \(run.error)") }
    }
    let home = try #require(stage.scratch.environment["HOME"])
    try FileManager.default.createDirectory(
      atPath: home + "/.config/lockwise", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try stage.scratch.write("unlock-command = echo a long passphrase\n", to: home + "/.config/lockwise/config")
    let login = try run(
      "lockwise-sync",
      ["login", "--server", stage.sandbox.url, "--password-stdin", "--passphrase-command", "echo a long passphrase"]
        + [stage.sandbox.currentEmail], input: .text(SandboxProcess.password + "\n"), path: path)
    login.expectSuccess()
    for command in [["pull"], ["push"], ["status"], ["devices"], ["lock"], ["unlock"], ["logout"]] {
      try run("lockwise-sync", command, path: path).expectSuccess()
    }
  }

  @Test(.needsTextsInTrace, arguments: paths) func runsNothingFromTheFolderAsDoctor(path: String?) throws {
    try stage.signInAndPull()
    stage.scratch.environment["LOCKWISE_PINENTRY"] = nil
    let variables = ["DISPLAY": ":4711", "SSH_ASKPASS": "./ssh-askpass", "SUDO_ASKPASS": "ssh-askpass"]
    let run = try run("lockwise-sync", ["doctor", "--offline"], path: path, with: variables)
    #expect(run.status == 1, "\(run.output)")
    #expect(run.output.contains("fail  SSH_ASKPASS: cannot find ./ssh-askpass"))
    guard path == Self.empty else { return }
    #expect(run.output.contains("warn  git: cannot find git in the folders of PATH"), "\(run.output)")
    #expect(run.output.contains("warn  pinentry: pinentry is missing"), "\(run.output)")
  }

  @Test(.needsTextsInTrace, arguments: paths) func runsNothingFromTheFolderToSetUp(path: String?) throws {
    for program in ["git-credential-lockwise", "lockwise-askpass", "docker-credential-lockwise"] {
      _ = try stage.scratch.copy(of: program)
    }
    let setup = try run("lockwise-sync", ["setup", "--yes", "--sign-in", "none"], path: path).expectSuccess()
    #expect(setup.output.contains("git: set up\n") == (path != Self.empty), "\(setup.output)")
    try run("lockwise-sync", ["unsetup"], path: path).expectSuccess()
  }

  @Test(arguments: paths) func runsNothingFromTheFolderAsSandbox(path: String?) throws {
    for arguments in [["--help"], ["--version"], ["--switches"]] {
      try run("lockwise-sandbox", arguments, path: path).expectSuccess()
    }
  }

  /// A program next to the helper is started only if no other user can write to its folder.
  @Test func startsItsNeighbourOnlyFromATrustedFolder() throws {
    try stage.signInAndPull()
    let folder = stage.scratch.root + "/programs"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try stage.scratch.write("#!/bin/sh\necho \"$PWD\" >>\(log)\n", to: folder + "/lockwise-sync")
    let helper = try stage.scratch.copy(of: "git-credential-lockwise")
    try FileManager.default.moveItem(atPath: helper, toPath: folder + "/git-credential-lockwise")
    func get() throws {
      expire()
      try Run.program(
        folder + "/git-credential-lockwise", ["get"], input: .text(Self.miss),
        environment: stage.scratch.environment.merging(["PATH": "/usr/bin:/bin"]) { $1 }
      ).expectSuccess()
    }
    chmod(folder, 0o777)
    try get()
    #expect(!FileManager.default.fileExists(atPath: log))
    chmod(folder, 0o755)
    try get()
    #expect(try String(contentsOfFile: log, encoding: .utf8) == "/\n")
  }
}
