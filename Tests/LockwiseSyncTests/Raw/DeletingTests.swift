import LockwiseCore
import Testing

@testable import LockwiseSync

@Suite struct DeletingTests {
  @Test(arguments: [("things", "thing"), ("things", "Things"), ("things", ""), ("", ""), ("\u{e9}", "e\u{301}")])
  func requiresTheExactNameToConfirm(name: String, typed: String) {
    #expect(Confirmation(of: name, typed: typed) == nil)
  }

  @Test func acceptsAConfirmationOnlyForItsName() throws {
    let fixture = try SyncFixture()
    let confirmation = try #require(Confirmation(of: "things", typed: "things"))
    let time = Timestamp(hundredths: 1)
    #expect(throws: StorageError.invalidName) {
      try fixture.client().deleteCollection("other", confirmation, unmodifiedSince: time)
    }
    #expect(throws: StorageError.invalidName) {
      try fixture.client().deleteEverything(of: "a@example.org", confirmation, unmodifiedSince: time)
    }
    #expect(fixture.server.log.isEmpty)
  }
}
