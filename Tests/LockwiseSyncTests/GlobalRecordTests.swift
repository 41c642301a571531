import LockwiseCore
import Testing

@testable import LockwiseSync

@Suite struct GlobalRecordTests {
  private static let pair =
    #"["4OHi4+Tl5ufo6err7O3u7+Dh4uPk5ebn6Onq6+zt7u8=","0NHS09TV1tfY2drb3N3e39DR0tPU1dbX2Nna29zd3t8="]"#
  private static let other =
    #"["0NHS09TV1tfY2drb3N3e39DR0tPU1dbX2Nna29zd3t8=","4OHi4+Tl5ufo6err7O3u7+Dh4uPk5ebn6Onq6+zt7u8="]"#

  @Test func readsTheKeysOfCollections() throws {
    let json =
      #"{"default":\#(Self.pair),"collections":{"passwords":\#(Self.other)},"future":{"x":1}}"#
    let keys = try CollectionKeys(cleartext: SecretBytes(utf8: json))
    #expect(keys.bundle(for: "passwords").encryptionKey == keys.defaultBundle.hmacKey)
    #expect(keys.bundle(for: "bookmarks") == keys.defaultBundle)
    #expect(keys.json == SecretBytes(utf8: json))
  }

  @Test(arguments: [
    "", "[]", "{}", #"{"default":[]}"#, #"{"default":["AAAA","AAAA"]}"#, #"{"default":"x"}"#,
    #"{"default":\#(pair),"id":"other"}"#, #"{"default":\#(pair),"collections":{"a":["x","y"]}}"#,
  ]) func refusesKeys(json: String) {
    #expect(throws: CollectionKeys.Malformed()) { try CollectionKeys(cleartext: SecretBytes(utf8: json)) }
  }

  @Test func readsMetaGlobalWithNumbers() throws {
    let json =
      #"{"syncID":"abc","storageVersion":5,"engines":{"passwords":{"version":1,"syncID":"def"},"x":7},"#
      + #""declined":["tabs",3],"more":[null]}"#
    let meta = try MetaGlobal(payload: SecretBytes(utf8: json))
    #expect(meta.syncID == "abc" && meta.storageVersion == 5 && meta.declined == ["tabs"])
    #expect(meta.engines["passwords"]?.version == 1 && meta.engines["passwords"]?.syncID == "def")
    #expect(meta.engines["x"]?.version == nil)
    #expect(meta.json == SecretBytes(utf8: json))
  }

  @Test func readsMetaGlobalWithStrings() throws {
    let json = #"{"syncID":"","storageVersion":"5","engines":{"passwords":{"version":"1"}}}"#
    let meta = try MetaGlobal(payload: SecretBytes(utf8: json))
    #expect(meta.syncID == nil && meta.storageVersion == 5 && meta.engines["passwords"]?.version == 1)
    #expect(meta.engines["passwords"]?.syncID == nil && meta.declined.isEmpty)
  }

  @Test(arguments: ["", "null", "[]", "\"text\"", "{", "<html>"]) func refusesMetaGlobal(json: String) {
    #expect(throws: MetaGlobal.Malformed()) { try MetaGlobal(payload: SecretBytes(utf8: json)) }
  }

  @Test(arguments: [
    (#"{"version":1,"globalSyncID":"a","engines":{"passwords":{"version":1,"syncID":"p"}}}"#, "p"),
    (#"{"version":2,"globalSyncID":"a","engines":{"passwords":{"version":1,"syncID":"p"}}}"#, nil),
    (#"{"version":1,"globalSyncID":"b","engines":{"passwords":{"version":1,"syncID":"p"}}}"#, nil),
    (#"{"version":1,"engines":{"passwords":{"version":1,"syncID":"p"}}}"#, nil), ("garbage", nil),
  ]) func readsSyncIDs(json: String, expected: String?) {
    let engines = MetaGlobal.enginesOfSyncIDs(payload: SecretBytes(utf8: json), syncID: "a")
    #expect(engines["passwords"]?.syncID == expected)
  }
}
