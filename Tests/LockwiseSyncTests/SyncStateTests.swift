import LockwiseCore
import Testing

@testable import LockwiseSync

@Suite struct SyncStateTests {
  @Test func storesAndReadsTheState() throws {
    let fixture = try SyncFixture()
    try fixture.putLogin("a")
    _ = try fixture.pull()
    var state = try fixture.state()
    #expect(state.endpoint == "https://node-1.example/1.5/12345" && state.loginCount == 1)
    state.notices = PullNotice.allCases
    state.setAsideCount = 3
    let again = try #require(SyncState(text: state.text))
    #expect(again.text == state.text)
    #expect(again.endpoint == state.endpoint && again.storageTime == state.storageTime)
    #expect(again.metaTime == state.metaTime && again.cryptoTime == state.cryptoTime)
    #expect(again.passwordsTime == state.passwordsTime && again.notices == state.notices)
    #expect(again.globalSyncID == "syncID000001" && again.passwordsSyncID == "engine000001")
    #expect(again.keys?.defaultBundle == fixture.keys && again.configuration == state.configuration)
    #expect(again.configuration?.maxPostRecords == 100 && again.configurationFetched == fixture.clock.now)
    #expect(again.lastSuccess == fixture.clock.now && again.lastAttempt == fixture.clock.now)
    #expect(again.loginCount == 1 && again.setAsideCount == 3)
  }

  @Test func storesAnEmptyState() throws {
    let state = try #require(SyncState(text: SyncState().text))
    #expect(state.endpoint == nil && state.passwordsTime == nil && state.keys == nil && state.loginCount == 0)
  }

  @Test(arguments: [
    "", "garbage", "[]", "{}", "null", #"{"passwordsTime":"x","keys":7,"notices":{},"logins":"many"}"#,
  ]) func downloadsAgainAfterADamagedDocument(text: String) throws {
    let fixture = try SyncFixture()
    try fixture.putLogin("a")
    _ = try fixture.pull()
    fixture.mirror.contents.documents[.syncState] = SecretBytes(utf8: text)
    let result = try fixture.pull()
    #expect(result.extent == .everything && result.added == 1 && fixture.guids == ["a"])
  }
}
