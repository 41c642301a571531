import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseHostSupport

/// No secret appears in clear, neither in the vault's files nor in the output of `ps` nor on standard error.
@Suite final class SecrecyTests {
  let stage: TestHome

  init() throws { stage = try TestHome() }

  /// The secrets of the fixture, and every token and key in the vault.
  private func secrets() throws -> SecretSearch {
    var search = try SecretSearch.ofFixture()
    search.add(SandboxProcess.email, "the account's e-mail address")
    let account = try JSONSerialization.jsonObject(
      with: Data(contentsOf: TestVectors.fixtures.appendingPathComponent("firefox-esr-153/account.json")))
    for (name, value) in try #require(account as? [String: Any]) where ["uid", "kB"].contains(name) {
      let text = value as? String ?? ""
      search.add(text, name)
      search.add(Data(try #require(Hex.decode(text))), "\(name) in bytes")
    }
    let file = try VaultFile(in: VaultDirectory(path: stage.scratch.vault), access: .reading)
    let slot = try #require(file.slots().first)
    let vault = try file.unlock(slot, with: Unlocker.readKeyFile(stage.scratch.keyFile))
    var count = 0
    for name in try vault.documentNames() {
      guard let document = try vault.document(name) else { continue }
      let object = try JSONSerialization.jsonObject(with: document.withUnsafeBytes { Data($0) })
      for (path, text) in texts(in: object) where text.utf8.count >= 16 && !text.contains("://") {
        count += 1
        let secret = "\(name.text) \(path)"
        search.add(text, secret)
        if let bytes = Hex.decode(text) { search.add(Data(bytes), secret + " in bytes") }
        let base64 = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        let padded = base64 + String(repeating: "=", count: (4 - base64.count % 4) % 4)
        if let bytes = Data(base64Encoded: padded) { search.add(bytes, secret + " in bytes") }
      }
    }
    #expect(count >= 8, "the vault's documents hold refresh token, Sync key, access token, storage token, …")
    search.add(vault.session.withUnsafeBytes { Data($0) }, "the vault's keys")
    return search
  }

  /// Returns all strings in a JSON value with their paths.
  private func texts(in value: Any, at path: String = "") -> [(String, String)] {
    switch value {
    case let text as String: [(path, text)]
    case let list as [Any]: list.flatMap { texts(in: $0, at: path) }
    case let object as [String: Any]: object.flatMap { texts(in: $0.value, at: "\(path).\($0.key)") }
    default: []
    }
  }

  /// All files below a folder.
  private func files(below root: String) -> [String] {
    (FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []).map { "\(root)/\($0)" }
  }

  @Test func writesNothingInClear() throws {
    // Independent of the user's umask.
    let script = """
      umask 0; printf '%s\\n' "$PW" | lockwise-sync login --server "$URL" --password-stdin --key-file "$KEY" \
      marie.curie@example.org && lockwise-sync pull && lockwise-sync pull && lockwise-sync lock && lockwise-sync unlock
      printf 'protocol=https\\nhost=github.com\\n' | git-credential-lockwise get
      """
    let variables = ["PW": SandboxProcess.password, "URL": stage.sandbox.url, "KEY": stage.scratch.keyFile]
    let run = try Run.program(
      "/bin/sh", ["-c", script], environment: stage.scratch.environment.merging(variables) { $1 })
    #expect(run.output.contains("password=ghp_webAndGit0123456789"), "\(run.error)")
    let search = try secrets()
    // Again with a log without a checkpoint, as after a crash.
    let reader = try VaultFile(in: VaultDirectory(path: stage.scratch.vault), access: .reading)
    try reader.reading {
      _ = try reader.slots()
      let origin = "https://github.com"
      let added = LoginJSON(
        "added0000000", origin: origin, realm: nil, form: origin, username: "käufer",
        password: "ghp_webAndGit0123456789")
      try stage.sandbox.put([added.object])
      try stage.sync("pull").expectSuccess()
      try expectNothing(search)
    }
    #expect(search.found(in: Data("xx host=github.com".utf8)) == ["host github.com"], "the search finds nothing at all")
    #expect(search.found(in: Data(run.output.utf8)).count >= 2)
  }

  private func expectNothing(_ search: SecretSearch) throws {
    var read: Set<String> = []
    for path in files(below: stage.scratch.root) where path != stage.scratch.keyFile {
      var info = stat()
      #expect(lstat(path, &info) == 0)
      if path.hasPrefix(stage.scratch.root + "/state/") || path == stage.scratch.root + "/state" {
        let isDirectory = info.st_mode & S_IFMT == S_IFDIR
        #expect(info.st_mode & 0o777 == (isDirectory ? 0o700 : 0o600), "\(path): \(String(info.st_mode, radix: 8))")
      }
      guard info.st_mode & S_IFMT == S_IFREG else { continue }
      let content = try Data(contentsOf: URL(fileURLWithPath: path))
      #expect(search.found(in: content) == [], "\(path)")
      if !content.isEmpty { read.insert((path as NSString).lastPathComponent) }
    }
    #expect(read.isSuperset(of: ["vault.db", "vault.db-wal"]), "\(read)")
    var keyInfo = stat()
    #expect(stat(stage.scratch.keyFile, &keyInfo) == 0 && keyInfo.st_mode & 0o777 == 0o600)
  }

  @Test func printsNoSecretsWithVerbose() throws {
    var shown = ""
    shown += try login("--verbose", "--key-file", stage.scratch.keyFile).error
    shown += try stage.sync("pull", "--verbose").expectSuccess().error
    shown += try stage.sync("pull", "-v").expectSuccess().error
    let search = try secrets()
    // The old node refuses us.
    stage.mayBeRejected = true
    try stage.sandbox.reassign()
    shown += try stage.sync("pull", "-v").expectSuccess().error
    shown += try stage.sync("logout", "-v").expectSuccess().error
    #expect(shown.contains("/auth/v1/account/login") && shown.contains("/storage/passwords"), "\(shown)")
    // The user typed the address, and may see it again.
    let told = shown.replacingOccurrences(of: SandboxProcess.email, with: "")
    #expect(search.found(in: Data(told.utf8)) == [])
  }

  private func login(_ options: String...) throws -> Run {
    try Run.program(
      Executables.path("lockwise-sync"),
      ["login", "--server", stage.sandbox.url, "--password-stdin"] + options + [SandboxProcess.email],
      input: .text(SandboxProcess.password + "\n"), environment: stage.scratch.environment
    ).expectSuccess()
  }

  @Test func keepsSecretsOutOfArgumentsAndEnvironments() throws {
    let search = try SecretSearch.ofFixture()
    var samples = 0
    var seen: Set<String> = []
    var leaks: Set<String> = []
    /// Reads every process of the system while a program runs.
    func watch(_ program: RunningProgram) throws -> Run {
      while !program.hasEnded {
        for pid in try FileManager.default.contentsOfDirectory(atPath: "/proc") where pid.allSatisfy(\.isNumber) {
          for file in ["cmdline", "environ"] {
            guard let content = FileManager.default.contents(atPath: "/proc/\(pid)/\(file)") else { continue }
            let arguments = content.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            guard arguments.contains(where: { $0.contains(stage.scratch.root) || $0.contains(stage.sandbox.url) })
            else {
              continue
            }
            samples += 1
            if file == "cmdline" { seen.formUnion(arguments) }
            // The address is an argument, which is the user's choice.
            let rest = arguments.filter { $0 != SandboxProcess.email }.joined(separator: "\0")
            for secret in search.found(in: Data(rest.utf8)) { leaks.insert("\(secret) in \(file)") }
          }
        }
      }
      return try program.finish().expectSuccess()
    }
    // The sandbox responds slowly, which leaves time to read the processes.
    try stage.sandbox.fault("/auth/", count: 0, ["delayMs": 60])
    let sync = try Executables.path("lockwise-sync")
    let options = ["login", "--server", stage.sandbox.url, "--password-stdin", "--key-file", stage.scratch.keyFile]
    _ = try watch(
      RunningProgram(
        sync, options + [SandboxProcess.email], input: .text(SandboxProcess.password + "\n"),
        environment: stage.scratch.environment))
    _ = try watch(RunningProgram(sync, ["pull"], environment: stage.scratch.environment))
    try stage.scratch.write("[credential]\n\thelper = lockwise\n", to: stage.scratch.root + "/gitconfig")
    for _ in 0..<20 {
      _ = try watch(
        RunningProgram(
          Executables.ofSystem("git"), ["credential", "fill"], input: .text("url=https://github.com\n\n"),
          environment: stage.scratch.environment))
    }
    #expect(leaks == [])
    #expect(seen.contains("login") && samples > 10, "\(samples) samples of \(seen)")
  }

  /// Of a process that is not dumpable (prctl(2), PR_SET_DUMPABLE) the kernel gives the files in /proc to root, so that
  /// its user can neither read its memory nor its environment.
  @Test func protectsTheMemoryOfAWaitingProcess() throws {
    let program = try stage.scratch.copy(of: "lockwise-sync")
    var prefix: [String] = []
    if getuid() == 0 {
      prefix = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
      for path in [stage.scratch.root, program] { #expect(chown(path, 65534, 65534) == 0) }
    }
    func owner(_ command: [String], _ prompt: String) throws -> (uid_t, limits: String) {
      let words = prefix + command
      let terminal = try PseudoTerminal(words[0], Array(words.dropFirst()), environment: stage.scratch.environment)
      try terminal.expect(prompt)
      let pid = try #require(terminal.program)
      var info = stat()
      #expect(stat("/proc/\(pid)/environ", &info) == 0)
      let limits = try String(contentsOfFile: "/proc/\(pid)/limits", encoding: .utf8)
      terminal.send("\u{4}")
      _ = try terminal.finish()
      return (info.st_uid, limits)
    }
    let ordinary = try owner(["/bin/sh", "-c", "echo ready; exec cat"], "ready")
    #expect(ordinary.0 == (getuid() == 0 ? 65534 : getuid()), "this check cannot fail here")
    let ours = try owner([program, "login", "--server", stage.sandbox.url], "E-mail address: ")
    #expect(ours.0 == 0)
    let core = ours.limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") }
    #expect(core?.split(separator: " ").dropFirst(4).prefix(2) == ["0", "0"], "\(core ?? "no limit")")
  }
}
