import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseAskpass
@testable import LockwiseCore

@Suite struct TryLogTests {
  private let folder: TemporaryFolder
  private let directory: VaultDirectory

  init() throws {
    folder = try TemporaryFolder()
    directory = VaultDirectory(path: folder.path)
  }

  private func log() -> TryLog { TryLog(in: directory) }

  private func digest(_ number: Int) -> [UInt8] { (0..<16).map { UInt8(truncatingIfNeeded: number >> ($0 % 8)) ^ $0 } }

  private var size: Int {
    get throws { try Data(contentsOf: URL(fileURLWithPath: directory.askpassTries)).count }
  }

  @Test func returnsTheLoginLastRecorded() throws {
    #expect(log().login(for: digest(1)) == nil)
    try log().record(question: digest(1), login: digest(10))
    try log().record(question: digest(2), login: digest(20))
    try log().record(question: digest(1), login: digest(11))
    #expect(log().login(for: digest(1)) == digest(11))
    #expect(log().login(for: digest(2)) == digest(20))
    #expect(log().login(for: digest(3)) == nil)
    #expect(try size == 3 * TryLog.Entry.length)
  }

  @Test func keepsTheNewestEntries() throws {
    for number in 0..<300 { try log().record(question: digest(number), login: digest(number)) }
    #expect(try size <= TryLog.limit * TryLog.Entry.length)
    for number in 240..<300 { #expect(log().login(for: digest(number)) == digest(number), "\(number)") }
    #expect(log().login(for: digest(1)) == nil)
  }

  @Test func ignoresAnIncompleteEntry() throws {
    try log().record(question: digest(1), login: digest(10))
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: directory.askpassTries))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data([1, 2, 3]))
    try handle.close()
    #expect(log().login(for: digest(1)) == digest(10))
  }

  @Test func isForTheUserOnly() throws {
    try log().record(question: digest(1), login: digest(10))
    var info = stat()
    #expect(stat(directory.askpassTries, &info) == 0 && info.st_mode & 0o777 == 0o600)
  }

  @Test func reportsThatItCannotBeWritten() throws {
    try FileManager.default.createDirectory(atPath: directory.askpassTries, withIntermediateDirectories: false)
    #expect(throws: UserFacingError.self) { try log().record(question: digest(1), login: digest(10)) }
  }

  /// A link in the directory is not followed.
  @Test func doesNotFollowALink() throws {
    let target = folder.path + "/target"
    try FileManager.default.createSymbolicLink(atPath: directory.askpassTries, withDestinationPath: target)
    #expect(throws: UserFacingError.self) { try log().record(question: digest(1), login: digest(10)) }
    #expect(!FileManager.default.fileExists(atPath: target))
  }
}
