import LockwiseCore
import Testing

@testable import LockwiseSync

@Suite struct HeaderTests {
  @Test(arguments: [
    ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
    ("Sun Nov  6 08:49:37 1994", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
    ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199), ("Fri, 01 Mar 2024 00:00:00 GMT", 1_709_251_200),
    ("Tue, 31 Dec 2069 23:59:60 GMT", 3_155_760_000), ("Sat, 01 Jan 2000 00:00:00 GMT", 946_684_800),
  ]) func parsesDates(text: String, seconds: Seconds) {
    #expect(HTTPDate.seconds(text) == seconds)
  }

  @Test(arguments: [
    "", "120", "Sun, 06 Nov 1994", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 32 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 99999 08:49:37 GMT", "a b c d e f g h",
  ]) func refusesInvalidDates(text: String) {
    #expect(HTTPDate.seconds(text) == nil)
  }

  @Test func percentEncodesIDs() {
    #expect(PercentEncoding.encode("{Ab-._~9}, /%é") == "%7BAb-._~9%7D%2C%20%2F%25%C3%A9")
  }

  @Test func parsesAlerts() {
    let plain = ServerAlert(header: "going \u{1B}[31mdown\u{7}\u{202E} at\n5")
    #expect(plain.kind == .message && plain.message == "going [31mdown at5" && plain.url == nil)
    let soft = ServerAlert(header: #"{"code":"soft-eol","message":"soon","url":"https://a.example/"}"#)
    #expect(soft.kind == .softEndOfLife && soft.message == "soon" && soft.url == "https://a.example/")
    #expect(ServerAlert(header: #"{"code":"hard-eol"}"#).kind == .hardEndOfLife)
    #expect(ServerAlert(header: #"{"code":"other","message":"m"}"#).kind == .message)
    #expect(ServerAlert(header: "{ not json").message == "{ not json")
    #expect(ServerAlert(header: String(repeating: "x", count: 9000)).message.count == 400)
  }

  @Test func parsesTheConfiguration() throws {
    let json = #"{"max_request_bytes":1000,"max_post_records":5,"max_total_records":0,"new":"x"}"#
    let limits = try #require(StorageConfiguration(stored: JSONValue(parsing: SecretBytes(utf8: json))))
    #expect(limits.maxRequestBytes == 1000 && limits.maxPostRecords == 5 && limits.maxPostBytes == 1000)
    #expect(limits.maxRecordPayloadBytes == 262_144 && limits.maxTotalRecords == nil)
    #expect(limits.json == SecretBytes(utf8: json))
    #expect(StorageConfiguration.defaults.maxRequestBytes == 266_240)
  }

  @Test func buildsQueries() {
    var query = StorageQuery()
    #expect(query.text(full: false).isEmpty)
    query.ids = ["{a}", "b"]
    query.newer = Timestamp(hundredths: 170_000_000_010)
    query.older = Timestamp(hundredths: 170_000_000_100)
    query.limit = 7
    query.order = .index
    query.offset = "a+b="
    #expect(
      query.text(full: true)
        == "?full=1&ids=%7Ba%7D,b&newer=1700000000.10&older=1700000001.00&limit=7&sort=index&offset=a%2Bb%3D")
  }
}
