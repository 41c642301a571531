import Glibc
import LockwiseCLI
import Testing

@testable import LockwiseAskpass

/// Finding the process that asks.
@Suite struct AskerTests {
  /// A process of a made-up `/proc`.
  struct Process {
    var program: String?
    var name = "x"
    var effectiveUser = 1000
    var isHidden = false
  }

  /// Returns the asker for a chain of processes. The first, number 100, is the parent of this program, and each has the
  /// next one as its parent.
  private func find(
    _ chain: [Process], isForeign: Bool = true, hidesProcesses: Bool = false, presentParent: Int = 100,
    user: uid_t = 1000
  ) -> Asker? {
    let process: @Sendable (Int) -> Process? = { id in
      if id == 1 { return hidesProcesses ? nil : Process(program: "/sbin/init", effectiveUser: 0) }
      if id == 99 { return Process(program: "/usr/bin/lockwise-askpass") }
      return chain.indices.contains(id - 100) && !chain[id - 100].isHidden ? chain[id - 100] : nil
    }
    var proc = ProcReader()
    proc.this = 99
    proc.user = user
    proc.parent = { presentParent }
    proc.isForeign = { _ in isForeign }
    proc.stat = { id in
      process(id).map {
        let above = id - 99 < chain.count ? id + 1 : 1
        return Array("\(id) (\($0.name)) S \(above) 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 7\(id) 0".utf8)
      }
    }
    proc.status = { id in
      process(id).map { Array("Name:\t\($0.name)\nUid:\t1000\t\($0.effectiveUser)\t0\t0\nGid:\t1\t1\t1\t1\n".utf8) }
    }
    proc.arguments = { id in process(id)?.program.map { [Array($0.utf8)] } }
    proc.program = { id in process(id)?.program.map { Array($0.utf8) } }
    return AskerSearch(proc: proc).find(from: 100)
  }

  @Test(
    arguments: [
      ("/usr/bin/ssh", .ssh), ("/usr/bin/ssh (deleted)", .ssh), ("/nix/store/x/bin/ssh-add", .sshAdd),
      ("/usr/bin/ssh-keygen", .sshKeygen), ("/usr/bin/git", .git), ("/usr/lib/git-core/git-remote-http", .git),
      ("/usr/bin/git-lfs", .git), ("/usr/bin/dash", .shell), ("/usr/bin/busybox", .shell),
      ("/usr/bin/sshx", .other(name: "sshx")), ("/usr/bin/python3.11", .other(name: "python3.11")),
      ("/usr/bin/gitk", .other(name: "gitk")), ("/tmp/ssh (deleted) ", .other(name: "ssh (deleted) ")),
      // The file of a program of the user named sudo is readable.
      ("/home/a/bin/sudo", .other(name: "sudo")),
    ] as [(String, Asker.Kind)])
  func filesHaveKinds(program: String, kind: Asker.Kind) throws {
    let asker = try #require(find([Process(program: program)]))
    #expect(asker.kind == kind)
    #expect(asker.isDirectParent)
    #expect(asker.identity == ProcessIdentity(id: 100, start: 7100))
    #expect(asker.program == "/proc/100/exe")
    #expect(asker.arguments == [Array(program.utf8)])
  }

  private static let shell = Process(program: "/usr/bin/dash")
  private static let ssh = Process(program: "/usr/bin/ssh")
  /// sudo as an ordinary user sees it.
  private static let sudo = Process(program: nil, name: "sudo", effectiveUser: 0)

  @Test func shellsInBetweenAreSkipped() {
    for count in 0...4 {
      let asker = find(Array(repeating: Self.shell, count: count) + [Self.ssh])
      #expect(asker?.kind == .ssh)
      #expect(asker?.isDirectParent == (count == 0))
      #expect(asker?.identity.id == 100 + count)
    }
    let far = find(Array(repeating: Self.shell, count: 5) + [Self.ssh])
    #expect(far?.kind == .shell)
    #expect(far?.identity.id == 100)
  }

  @Test func aShellOfTheUserAsksItself() {
    for above in [Process(program: "/usr/bin/xterm"), Process(program: nil, name: "login", effectiveUser: 0)] {
      let asker = find([Self.shell, above])
      #expect(asker?.kind == .shell)
      #expect(asker?.identity.id == 100)
    }
    #expect(find([Self.shell])?.kind == .shell)
  }

  /// The name of a script is its file's name.
  @Test(arguments: ["ssh", "sudo", "git", "ssh-agent"])
  func namesOfProcessesProveNothing(name: String) {
    let asker = find([Process(program: "/usr/bin/python3", name: name)])
    #expect(asker?.kind == .other(name: "python3"))
  }

  @Test func sudoIsRecognisedByItsUser() throws {
    let asker = try #require(find([Self.sudo]))
    #expect(asker.kind == .sudo)
    #expect(asker.mayAsk(.sudoPassword(user: "ann")))
    #expect(find([Process(program: nil, name: "sudo")])?.kind == .other(name: "sudo"))
    #expect(find([Process(program: nil, name: "su", effectiveUser: 0)])?.kind == .other(name: "su"))
    // In a namespace of its own, a user can be root among processes that it started itself.
    #expect(find([Self.sudo], user: 0)?.kind == .other(name: "sudo"))
  }

  /// Whatever is between sudo and this program could read the password.
  @Test func sudoAboveAnotherProgramGetsNoPassword() throws {
    let asker = try #require(find([Self.shell, Self.sudo]))
    #expect(asker.kind == .sudo)
    #expect(!asker.mayAsk(.sudoPassword(user: "ann")))
    #expect(find([Process(program: "/usr/bin/python3"), Self.sudo])?.kind == .other(name: "python3"))
  }

  @Test func aHiddenParentIsSudo() {
    let hidden = [Process(isHidden: true)]
    #expect(find(hidden, hidesProcesses: true)?.kind == .sudo)
    // A process of the user, whose entry is hidden because it must not be dumped.
    #expect(find(hidden, isForeign: false, hidesProcesses: true) == nil)
    // A parent that has ended.
    #expect(find(hidden, hidesProcesses: true, presentParent: 1) == nil)
    #expect(find(hidden) == nil)
    #expect(find([Self.shell] + hidden, hidesProcesses: true)?.kind == .shell)
  }

  @Test func anEndedParentIsUnknown() {
    #expect(find([]) == nil)
    #expect(AskerSearch(proc: ProcReader()).find(from: 0) == nil)
  }

  @Test func eachQuestionHasItsAsker() {
    let question = Question.sshPassword(user: "a", host: "h", isServerWritten: false)
    for kind in [Asker.Kind.sshAdd, .sshKeygen, .sshAgent, .sudo, .git, .shell, .other(name: "x")] {
      let asker = Asker(identity: .init(id: 1, start: 1), kind: kind, arguments: [], isDirectParent: true)
      #expect(!asker.mayAsk(question))
    }
    let ssh = Asker(identity: .init(id: 1, start: 1), kind: .ssh, arguments: [], isDirectParent: false)
    #expect(ssh.mayAsk(question))
    let git = Question("Password for 'https://a@host.example': ")
    #expect(!ssh.mayAsk(git))
    #expect(find([Process(program: "/usr/bin/dbclient")])?.mayAsk(git) == false)
    #expect(find([Process(program: "/usr/bin/perl")])?.mayAsk(git) == true)
    #expect(!ssh.mayAsk(Question("Enter passphrase for id: ")))
    #expect(!ssh.mayAsk(.hostKey))
  }
}
