import LockwiseCore
import LockwiseTestSupport
import Testing

@testable import LockwiseTransfer

@Suite struct FormatRecognitionTests {
  static let texts: [String: TransferFormat?] = [
    "": nil, "\n": nil, "hello": nil, "a,b\n1,2": nil, "url,username": nil, "{}": nil, "{\"a\":": nil, "[": .json,
    " [{}]": .json, "url,username,password\n": .firefox, "URL,Username,Password,httpRealm": .firefox,
    "name,url,username,password": .chrome, "Title,URL,Username,Password": .apple,
    "Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes": .onePasswordCSV,
    "\"Group\",\"Title\",\"Username\",\"Password\",\"URL\",\"Notes\"": .keepassxc,
    "collections,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp": .bitwardenCSV,
    "{\"encrypted\":true}": .bitwardenJSON, "{\"items\":[]}": .bitwardenJSON, "{\"accounts\":[]}": .onePUX,
    "PK\u{3}\u{4}": .onePUX, "machine a": .netrc, "# x\ndefault login a": .netrc, "macdef init\n": .netrc,
    "https://a:b@c\n": .gitCredentials, "# x\n\nhttps://a:b@c": .gitCredentials, "https://a@c": nil,
  ]

  @Test(arguments: texts) func recognises(text: String, expected: TransferFormat?) {
    #expect(FormatRecognition.format(of: SecretBytes(utf8: text)) == expected)
  }

  @Test func refusesTextsOfAnotherFormat() {
    for (text, format) in [
      ("a,b", TransferFormat.firefox), ("url,username", .chrome), ("", .apple), ("[]", .bitwardenJSON),
      ("{}", .onePUX), ("{}", .json), ("\"", .keepassxc), ("title,title", .onePasswordCSV),
    ] {
      #expect(throws: TransferError.self, "\(text) \(format)") { try ItemConversion(text, format) }
    }
    #expect(throws: TransferError.encrypted(.bitwardenJSON)) {
      try ItemConversion("{\"encrypted\":true}", .bitwardenJSON)
    }
  }
}
