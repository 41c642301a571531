import ArgumentParser
import Foundation
import LockwiseSandbox

@main
struct SandboxCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lockwise-sandbox",
    abstract: "A loopback stand-in for Mozilla's servers: accounts, OAuth, token server, Sync storage.",
    version: SandboxVersion.text)

  @Option(help: "TCP port on 127.0.0.1; 0 for any free one.")
  var port: UInt16 = 0

  @Option(help: "Folder with account.json and storage.json.")
  var fixture: String?

  mutating func run() async throws {
    var configuration = SandboxConfiguration()
    configuration.port = port
    configuration.fixture = fixture
    let sandbox = try Sandbox(configuration)
    print(try await sandbox.start())
    fflush(nil)
    try await sandbox.wait()
  }
}
