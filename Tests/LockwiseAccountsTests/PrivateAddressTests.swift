import Foundation
import LockwiseCore
import Testing

@testable import LockwiseAccounts

/// The address that a browser is started with, and the users that it responds to.
@Suite struct PrivateAddressTests {
  private static let target = "https://content.test/authorization?state=secret-state&keys_jwk=key"
  /// A user other than the one who runs the test.
  private static let stranger = getuid() &+ 1

  private func ask(_ url: String) throws -> HTTPResponse {
    try CurlTransport(userAgent: "lockwise/test", options: .init(timeout: 5000))
      .send(HTTPRequest(method: "GET", url: url))
  }

  @Test("The address has no data of the sign-in, and redirects the user's browser")
  func redirectsTheUsersBrowser() throws {
    let address = try PrivateAddress(leadingTo: Self.target)
    #expect(address.url.wholeMatch(of: /http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}/) != nil)
    for _ in 0..<2 {
      let response = try ask(address.url)
      #expect(response.status == 303 && response.header("location") == Self.target)
      #expect(response.header("cache-control") == "no-store" && response.header("referrer-policy") == "no-referrer")
    }
    let other = try PrivateAddress(leadingTo: Self.target)
    #expect(other.url.split(separator: "/").last != address.url.split(separator: "/").last)
  }

  @Test("Another path, host or user is refused") func refusesOtherRequests() throws {
    let address = try PrivateAddress(leadingTo: Self.target)
    for url in [
      String(address.url.dropLast()), address.url + "0", address.url.replacing("127.0.0.1", with: "localhost") + "/",
    ] {
      let response = try ask(url)
      #expect(response.status == 404 && response.header("location") == nil)
    }
    let foreign = try PrivateAddress(leadingTo: Self.target, user: Self.stranger)
    do {
      let response = try ask(foreign.url)
      #expect(response.status == 403 && response.header("location") == nil)
    } catch let error as HTTPError {
      // The connection may end before the response is read.
      guard case .broken = error else { throw error }
    }
  }

  @Test("The address is closed with its owner") func closesWithItsOwner() throws {
    var address: PrivateAddress? = try PrivateAddress(leadingTo: Self.target)
    let url = try #require(address?.url)
    #expect(try ask(url).status == 303)
    address = nil
    #expect(throws: HTTPError.self) { try ask(url) }
  }

  @Test("The redirect of another user's browser does not end the sign-in") func ignoresAnotherUsersRedirect() throws {
    let code = String(repeating: "ab", count: 32)
    for (user, isOurs) in [(getuid(), true), (Self.stranger, false)] {
      let receiver = try LoopbackReceiver(#require(LoopbackAddress("http://127.0.0.1:0/x")), user: user)
      let target = "\(receiver.address.uri)?code=\(code)&state=s"
      let asked = Thread { _ = try? self.ask(target) }
      asked.start()
      let answer = try receiver.wait(timeout: 2000, isOurs: { $0.answers(state: "s", mayLackState: false) }) {
        var event = pollfd(fd: $1, events: Int16(POLLIN), revents: 0)
        poll(&event, 1, $0)
      }
      #expect((answer != nil) == isOurs)
    }
  }
}
