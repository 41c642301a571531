@testable import LockwiseAskpass
@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseGit

/// Checks the readers of `/proc`, of a command line and of ssh's output: no input ends the program, and a process name
/// does not change what is read after it.
func fuzz(_ input: UnsafeRawBufferPointer) {
  let bytes = Array(input)
  _ = ProcessIdentity(id: 1, stat: bytes)
  let stat = Array("1 (".utf8) + bytes + Array(") S 7 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 99 0".utf8)
  precondition(ProcessIdentity(id: 1, stat: stat) == ProcessIdentity(id: 1, start: 99))
  precondition(ProcessIdentity.parent(inStat: stat) == 7)
  precondition(
    ProcessIdentity.name(inStat: stat).map { $0.utf8.elementsEqual(String(decoding: bytes, as: UTF8.self).utf8) }
      == true)

  let name = bytes.filter { $0 != 0x0A }
  let status = Array("Name:\t".utf8) + name + Array("\nUid:\t1000\t0\t0\t0\n".utf8)
  precondition(ProcReader.effectiveUser(inStatus: status) == 0)
  _ = ProcReader.effectiveUser(inStatus: bytes)

  let arguments = bytes.split(separator: 0, omittingEmptySubsequences: false).map { Array($0) }
  if let path = SSHKeygenArguments(arguments)?.keyPath {
    precondition(arguments.contains { $0.count >= path.count })
  }
  if Asker.Kind(program: bytes) == .ssh { precondition(String(decoding: bytes, as: UTF8.self).contains("ssh")) }
  if let configuration = SSHConfiguration(parsing: bytes) {
    precondition(!configuration.user.utf8.contains { $0 < 0x20 } && configuration.port > 0)
  }
  if let version = SSHVersion(parsing: bytes) { precondition((0...9999).contains(version.major)) }
}
