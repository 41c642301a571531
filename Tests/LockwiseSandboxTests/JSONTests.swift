import Foundation
import Testing

@testable import LockwiseSandbox

@Suite struct JSONTests {
  @Test(arguments: [
    "null", "true", "[]", "{}", "[1,2.50,-0.1e+5,1700000000.10]", "{\"b\":1,\"a\":[{\"c\":null}]}",
    "\"\\\"\\\\\\n\\u0001é😀\"", "[[[[]]]]", "{\"payload\":\"{\\\"ciphertext\\\":\\\"a+/=\\\"}\"}",
  ])
  func writesWhatItReads(text: String) throws {
    #expect(try JSON(parsing: text).encodedText == text)
  }

  @Test func decodesEscapes() throws {
    #expect(try JSON(parsing: "\"\\u00e9\\ud83d\\ude00\\/\\b\\f\\r\\t\"").text == "é😀/\u{8}\u{c}\r\t")
    #expect(try JSON(parsing: " [ 1 , { \"a\" : 2 } ] \n").encodedText == "[1,{\"a\":2}]")
  }

  @Test(arguments: [
    "", "nul", "tru", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "01", "1.", "-", "1e",
    "+1", "\"",
    "\"\\x\"", "\"\\u12\"", "\"\\ud83d\"", "\"\\ud83dx\"", "\"a\nb\"", "\"a\\\"", "[1]]", "1 1",
    "\"\\u+123\"",
    "\"\\\\\n\"", String(repeating: "[", count: 300),
  ])
  func refusesInvalidJSON(text: String) {
    #expect(throws: JSONError.self) { try JSON(parsing: text) }
  }

  @Test func refusesInvalidUTF8() {
    #expect(throws: JSONError.self) { try JSON(parsing: Data([0x22, 0xff, 0x22])) }
    #expect(throws: JSONError.self) { try JSON(parsing: Data([0x22, 0x5c, 0x6e, 0xc0, 0x80, 0x22])) }
  }

  @Test(arguments: [
    ("0", "0.00"), ("1700000000.1", "1700000000.10"), ("1700000000.12", "1700000000.12"), ("5", "5.00"),
    ("1700000000.129", "1700000000.12"), ("1700000000.05", "1700000000.05"),
  ])
  func parsesTimes(text: String, written: String) throws {
    #expect(try #require(SyncTime(text)).description == written)
  }

  @Test(arguments: ["", "-1", "1.", ".5", "1e5", "1,5", " 1", "1.2x", "nan", "99999999999999999999"])
  func refusesInvalidTimes(text: String) { #expect(SyncTime(text) == nil) }

  @Test(arguments: [
    "Hawk id=\"a\", ts=\"x\", nonce=\"n\", mac=\"m\"", "Hawk ts=\"1\", nonce=\"n\", mac=\"m\"",
    "Hawk id=\"a\", ts=\"1\", nonce=\"n\", mac=\"m\", id=\"b\"",
    "hawk id=\"a\", ts=\"1\", nonce=\"n\", mac=\"m\"",
    "Hawk id=\"a\", ts=\"1\", nonce=\"n\", mac=\"m\", other=\"b\"", "Hawk id=a, ts=1, nonce=n, mac=m",
    "Hawk ",
    "Hawk id=\"\(String(repeating: "a", count: 4096))\", ts=\"1\", nonce=\"n\", mac=\"m\"", "Bearer x",
  ])
  func refusesInvalidHawkHeaders(value: String) { #expect(HawkHeader(value) == nil) }

  @Test(arguments: [
    "1-AAAAAAAAAAAAAAAAAAAAAA", "1795356031941-B1hmDuYTJtggckEZmO0p0g", "5-",
  ])
  func parsesKeyIDs(value: String) { #expect(KeyID(value) != nil) }

  @Test(arguments: [
    "", "x", "-AAAAAAAAAAAAAAAAAAAAAA", "1-AAAA", "1.5-AAAAAAAAAAAAAAAAAAAAAA", "1-AAAAAAAAAAAAAAAAAAAAAA==",
    "1-A+/AAAAAAAAAAAAAAAAAAA", "+1-AAAAAAAAAAAAAAAAAAAAAA",
  ])
  func refusesInvalidKeyIDs(value: String) { #expect(KeyID(value) == nil) }
}
