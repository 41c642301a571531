import Foundation
import Testing

@testable import LockwiseHostSupport

/// The hosts that get the password of github.com, and those that never do.
@Suite final class MatchingTests {
  private static let password = "ghp_webAndGit0123456789"

  let stage: TestHome

  init() throws {
    stage = try TestHome()
    try stage.signInAndPull()
  }

  private func answer(_ attributes: [UInt8]) throws -> Run {
    let run = try Run.program(
      Executables.path("git-credential-lockwise"), ["get"], input: .bytes(attributes),
      environment: stage.scratch.environment)
    run.expectWellFormedErrors(by: "git-credential-lockwise")
    return run
  }

  static let same = [
    "protocol=https\nhost=github.com", "protocol=https\nhost=GitHub.COM", "protocol=HTTPS\nhost=github.com",
    "protocol=https\nhost=github.com:443", "protocol=https\nhost=github.com:0443", "protocol=https\nhost=github.com:",
    "protocol=https\nhost=github.com\npath=marie/radium.git", "protocol=https\nhost=github.com\nusername=mcurie",
    "url=https://github.com", "url=https://github.com/", "url=https://github.com:443/a/b?c#d",
    "url=https://mcurie@github.com/x", "url=https://mcurie:ignored@github.com/x", "url=https://GITHUB.com",
    "url=https://github%2Ecom/x", "url=https://github.com?x", "url=https://github.com#x",
    "protocol=http\nhost=evil.example\nurl=https://github.com",
    "protocol=https\nhost=evil.example\nhost=github.com",
  ]

  @Test func answersForTheSameOrigin() throws {
    for request in Self.same {
      let run = try answer(Array("\(request)\n\n".utf8))
      #expect(run.password == Self.password, "\(request.debugDescription): \(run.error)")
      #expect(run.username == "mcurie", "\(request.debugDescription)")
      #expect(run.status == 0 && run.error.isEmpty, "\(request.debugDescription): \(run.error)")
    }
  }

  static let strangers = [
    // Other schemes and ports.
    "protocol=http\nhost=github.com", "protocol=ssh\nhost=github.com", "protocol=\nhost=github.com",
    "protocol=https:\nhost=github.com", "protocol=https://\nhost=github.com", "host=github.com",
    "protocol=https\nhost=github.com:80", "protocol=https\nhost=github.com:8443", "protocol=https\nhost=github.com:444",
    "protocol=https\nhost=github.com:65979", "protocol=https\nhost=github.com:-443",
    "protocol=https\nhost=github.com:443x",
    "protocol=https\nhost=github.com:443:443", "protocol=https\nhost=github.com: 443", "protocol=https\nhost=:443",
    "protocol=https\nhost=github.com:４４３", "protocol=https\nhost=github.com:+443",
    // Parent, child and sibling domains.
    "protocol=https\nhost=www.github.com", "protocol=https\nhost=com", "protocol=https\nhost=ithub.com",
    "protocol=https\nhost=xgithub.com", "protocol=https\nhost=github.com.example", "protocol=https\nhost=github.co",
    "protocol=https\nhost=github.com.evil.org", "protocol=https\nhost=github.comx", "protocol=https\nhost=.github.com",
    "protocol=https\nhost=*.github.com", "protocol=https\nhost=*", "protocol=https\nhost=github..com",
    // A name that ends in a dot is another host for browsers and HTTP.
    "protocol=https\nhost=github.com.", "protocol=https\nhost=github.com.:443",
    // User names before the host.
    "protocol=https\nhost=x@github.com", "protocol=https\nhost=github.com@evil.example",
    "protocol=https\nhost=mcurie:pw@github.com", "protocol=https\nhost=@github.com",
    "protocol=https\nhost=github.com\nusername=other", "protocol=https\nhost=github.com\nusername=",
    "protocol=https\nhost=github.com\nusername=MCurie", "url=https://other@github.com",
    "url=https://github.com@evil.example", "url=https://github.com%40evil.example",
    // Look-alikes.
    "protocol=https\nhost=gıthub.com", "protocol=https\nhost=githυb.com", "protocol=https\nhost=ｇｉｔｈｕｂ.com",
    "protocol=https\nhost=github。com", "protocol=https\nhost=ⓖithub.com", "protocol=https\nhost=gi\u{AD}thub.com",
    "protocol=https\nhost=gi\u{200B}thub.com", "protocol=https\nhost=gіthub.com",
    "protocol=https\nhost=xn--github-.com",
    "protocol=https\nhost=git\u{131}hub.com", "protocol=https\nhost=𝐠ithub.com",
    "protocol=https\nhost=G\u{130}THUB.com",
    // Texts that a lenient browser would convert to the host.
    "protocol=https\nhost=github.com\\", "protocol=https\nhost=github.com\\evil.example",
    "protocol=https\nhost=evil.example\\github.com", "protocol=https\nhost=github%2ecom",
    "protocol=https\nhost=%67ithub.com", "protocol=https\nhost=github.com%00.evil.example",
    "protocol=https\nhost=github.com/", "protocol=https\nhost=github.com/x", "protocol=https\nhost=github.com?",
    "protocol=https\nhost=github.com#", "protocol=https\nhost= github.com", "protocol=https\nhost=github.com ",
    "protocol=https\nhost=github.com\t", "protocol=https\nhost=git hub.com", "protocol=https\nhost=[github.com]",
    "protocol=https\nhost=<github.com>", "protocol=https\nhost=github.com|x", "protocol=https\nhost=\"github.com\"",
    "protocol=https\nhost=", "protocol=https", "protocol=https\nhost=github.com\nhost=evil.example",
    "url=https://github.com\\@evil.example", "url=https://evil.example/github.com",
    "url=https://evil.example?github.com", "url=https://evil.example#github.com",
    "url=https://github.com%2F.evil.example",
    "url=http://github.com", "url=https://github.com:80", "url=HTTPS ://github.com",
    "url=https://github.com\nprotocol=http", "url=https://github.com\nhost=evil.example",
  ]

  @Test func doesNotAnswerForAnotherOrigin() throws {
    for request in Self.strangers {
      let run = try answer(Array("\(request)\n\n".utf8))
      #expect(run.outputBytes.isEmpty, "\(request.debugDescription): \(run.output)")
      #expect(run.status == 0, "\(request.debugDescription): \(run.ending)")
    }
  }

  /// Requests with a forbidden byte are refused as a whole, so that no part of a line is used.
  static let malformed = [
    "protocol=https\nhost=github.com\r", "protocol=https\r\nhost=github.com\r", "protocol=https\nhost=github.com\0",
    "protocol=https\nhost=github.com\0.evil.example", "protocol=https\nhost=evil.example\0\rgithub.com",
    "protocol=https\nhost=evil.example\rhost=github.com", "protocol=https\nhost=github.com\nusername=mcurie\r",
    "url=https://github.com\r", "url=https://github.com%0d", "url=https://github.com%0Ahost=x",
    "url=https://github.com%00",
    "url=https://evil.example%0a%0dhost=github.com", "url=https://github.com\0x",
    "protocol=https\nhost\nhost=github.com",
    "url=github.com", "url=://github.com", "url=", "url=https:\\\\github.com",
  ]

  @Test func refusesControlCharacters() throws {
    for request in Self.malformed {
      let run = try answer(Array("\(request)\n\n".utf8))
      #expect(run.outputBytes.isEmpty, "\(request.debugDescription): \(run.output)")
      #expect(run.status == 1, "\(request.debugDescription): \(run.ending)")
      #expect(run.error.contains("error: git's request is malformed"), "\(request.debugDescription): \(run.error)")
      #expect(!run.error.contains("github") && !run.error.contains("evil"), "nothing of the request is repeated")
    }
  }

  @Test func refusesInvalidUTF8() throws {
    for bytes: [UInt8] in [[0xFF], [0xC0, 0xAE], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]] {
      let run = try answer(Array("protocol=https\nhost=github.com".utf8) + bytes + [10])
      #expect(run.outputBytes.isEmpty)
      #expect(run.status == 1)
      #expect(run.error.contains("not UTF-8"), "\(run.error)")
    }
  }

  static let forms = [
    ("https", "bücher.example", "idn"), ("https", "BÜCHER.example", "idn"), ("https", "bu\u{308}cher.example", "idn"),
    ("https", "xn--bcher-kva.example", "idn"),
    ("https", "XN--BCHER-KVA.EXAMPLE", "idn"), ("http", "[2001:db8::7]:8080", "v6"),
    ("http", "[2001:0DB8:0:0:0:0:0:7]:8080", "v6"), ("http", "192.168.7.1", "admin"),
    ("https", "intranet", "single label"),
    ("ftp", "ftp.example.org:21", "marie@"), ("ssh", "build.example.org:2222", "after Firefox"),
    ("http", "git.example.org", "plain http"), ("https", "git.example.org:8443", "other port"),
    ("moz-proxy", "proxy.example.org:3128", "proxy"), ("https", "bitbucket.org", "token-without-user"),
  ]

  @Test func findsOtherFormsOfAHost() throws {
    for (scheme, host, password) in Self.forms {
      let run = try answer(Array("protocol=\(scheme)\nhost=\(host)\n".utf8))
      #expect(run.password == password, "\(scheme)://\(host): \(run.error)")
    }
  }

  static let others = [
    ("https", "bucher.example"), ("https", "buecher.example"),
    ("http", "2001:db8::7:8080"), ("http", "[2001:db8::8]:8080"), ("http", "[2001:db8::7]"),
    ("http", "[::ffff:192.168.7.1]"), ("http", "192.168.7.01"), ("http", "192.168.1793"), ("http", "0xC0A80701"),
    ("http", "3232237313"), ("http", "192.168.7.1."), ("ssh", "build.example.org"), ("https", "intranet.example.org"),
    ("moz-proxy", "proxy.example.org"), ("http", "proxy.example.org:3128"), ("ftp", "ftp.example.org:22"),
  ]

  @Test func doesNotFindOtherHosts() throws {
    for (scheme, host) in Self.others {
      let run = try answer(Array("protocol=\(scheme)\nhost=\(host)\n".utf8))
      #expect(run.outputBytes.isEmpty, "\(scheme)://\(host): \(run.output)")
      #expect(run.status == 0, "\(scheme)://\(host)")
    }
  }
}
