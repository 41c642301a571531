import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseHostSupport

/// The conversations of `Tests/Transcripts`.
@Suite struct TranscriptFileTests {
  private static let variables = ProcessInfo.processInfo.environment
  private static let isUpdate = variables["LOCKWISE_TRANSCRIPTS_UPDATE"].map { !$0.isEmpty } ?? false

  /// All, or those that `contrib/transcripts` was given.
  private static let chosen: [TranscriptFile] = {
    let names = variables["LOCKWISE_TRANSCRIPTS"]?.split(separator: " ").map(String.init) ?? []
    return names.isEmpty ? TranscriptFile.all : names.map(TranscriptFile.init)
  }()

  /// Those with a passphrase rely on the session that the kernel keyring keeps.
  private static let withSession = chosen.filter { needsKeyring($0) && !needsMachine($0) }
  private static let withMachine = chosen.filter { needsMachine($0) }
  private static let others = chosen.filter { !needsKeyring($0) && !needsMachine($0) }

  private static func needsKeyring(_ file: TranscriptFile) -> Bool {
    let settings = (try? file.read().settings) ?? []
    return settings.contains { if case .signedIn = $0 { true } else { $0 == .needsKeyring } }
  }

  private static func needsMachine(_ file: TranscriptFile) -> Bool {
    let settings = (try? file.read().settings) ?? []
    return settings.contains { if case .user = $0 { true } else { false } }
  }

  @Test(arguments: others) func conversation(_ file: TranscriptFile) throws { try check(file) }

  @Test(.needsKeyring, arguments: withSession) func conversationWithASession(_ file: TranscriptFile) throws {
    try check(file)
  }

  @Test(.enabled(if: PrivateSystem.isPossible, PrivateSystem.requirement), arguments: withMachine)
  func conversationOnAMachineOfItsOwn(_ file: TranscriptFile) throws { try check(file) }

  private func check(_ file: TranscriptFile) throws {
    let diff = try file.run(isUpdate: Self.isUpdate)
    if Self.isUpdate, !diff.isEmpty {
      print(diff)
    } else if !diff.isEmpty {
      Issue.record("\(diff)to accept what was shown: contrib/transcripts --update \(file.name)")
    }
  }
}
