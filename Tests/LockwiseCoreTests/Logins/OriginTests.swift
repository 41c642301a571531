import LockwiseTestSupport
import Testing

@testable import LockwiseCore

@Suite struct OriginTests {
  /// Vectors of application-services' logins component.
  @Test func publishedVectors() throws {
    let vector = try TestVectors.named("login-origin-normalisation")
    let origins = try #require(vector.inputs["origins"] as? [String])
    let expected = try #require(vector.expected["normalised"] as? [Any])
    try #require(origins.count == expected.count && origins.count == 24)
    for (origin, wanted) in zip(origins, expected) {
      #expect(Origin(origin)?.serialized == wanted as? String, "login-origin-normalisation: \(origin)")
    }
  }

  /// Two spellings of one origin.
  @Test(arguments: [
    ("https://GitHub.COM", "https://github.com"), ("HTTPS://github.com", "https://github.com"),
    ("https://github.com:443", "https://github.com"), ("https://github.com:", "https://github.com"),
    ("http://a.example:80", "http://a.example"), ("https://a.example:0443", "https://a.example"),
    ("https://bücher.example", "https://xn--bcher-kva.example"),
    ("https://BÜCHER.example", "https://xn--bcher-kva.example"),
    ("http://[2001:DB8:0:0:0:0:0:7]:8080", "http://[2001:db8::7]:8080"),
    ("http://[::ffff:1.2.3.4]", "http://[::ffff:102:304]"),
    ("ssh://Build.example.org", "ssh://build.example.org"),
    ("ssh://h.example:22", "ssh://h.example"),
    ("moz-proxy://Proxy.example:3128", "moz-proxy://proxy.example:3128"),
    ("https://u:p@h.example/x?y#z", "https://h.example"),
    ("https://пример.испытание", "https://xn--e1afmkfd.xn--80akhbyknj4f"),
    ("https://ليهمابتكلموشعربي؟.example", nil as String?), ("pass://Work/mail", "pass://Work"),
    ("pass://per%20cent", "pass://per%20cent"), ("sudo://a%62", "sudo://a%62"),
  ])
  func oneForm(text: String, form: String?) { #expect(Origin(text)?.serialized == form) }

  /// Texts that are not origins, and hosts that only lenient browsers accept.
  @Test(arguments: [
    "", "github.com", "https:/github.com", "https://", "https:///path", "://github.com",
    "1https://github.com",
    "https://git hub.com", "https://github.com\\@evil.example", "https://github%2ecom",
    "ssh://build%2eexample", "moz-proxy://a%62:1",
    "https://github.com:99999",
    "https://github.com:-1", "https://github.com:44３", "https://github.com:4 43", "https://[::1",
    "https://[::1]x",
    "https://[1:2:3]", "https://[::1%25eth0]", "https://a.example:1:2", "https://ｇithub.com",
    "https://git\u{AD}hub.com",
    "https://gitla\u{212A}.com", "https://github\u{3002}com", "https://github.com\u{0}",
    "https://a\nb.example",
  ])
  func refused(text: String) { #expect(Origin(text) == nil) }

  /// Sample strings of RFC 3492 section 7.1 in lower case, and labels of IDNA tests.
  @Test(arguments: [
    ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"), ("ひとつ屋根の下2", "2-u9tlzr9756bt3uc0v"),
    ("pročprostěnemluvíčesky", "proprostnemluvesky-uyb24dma41a"), ("3年b組金八先生", "3b-ww4c5e180e575a65lsy2b"),
    ("bücher", "bcher-kva"), ("ü", "tda"), ("😍", "r28h"),
  ])
  func punycode(text: String, form: String) { #expect(Punycode.encode(Array(text.unicodeScalars)) == form) }
}
