import Foundation
import Testing

@testable import LockwiseHostSupport

/// The check at the end of every test's sandbox.
@Suite struct RequestPolicyTests {
  private func violations(
    _ method: String, _ path: String, agent: String = "lockwise", isConditional: Bool = true, mayDelete: Bool = false
  ) throws -> Int {
    let headers = isConditional ? "\"Host\",\"X-If-Unmodified-Since\"" : "\"Host\""
    let line = try LoggedRequest(
      line: """
        {"method":"\(method)","path":"/storage/1.5/1\(path)","status":500,"agent":"\(agent)","headers":[\(headers)]}
        """)
    return RequestPolicy.violations([line], mayDelete: mayDelete).count
  }

  @Test func reportsForbiddenRequests() throws {
    for path in ["", "/storage", "/storage/", "/storage/tabs", "/storage/tabs?x=ids"] {
      #expect(try violations("DELETE", path) == 1, "\(path)")
      #expect(try violations("DELETE", path, mayDelete: true) == 0, "\(path)")
      #expect(try violations("DELETE", path, agent: "Firefox", isConditional: false) == 0, "\(path)")
    }
    for path in ["/storage/tabs/a", "/storage/tabs?ids=a,b"] { #expect(try violations("DELETE", path) == 0, "\(path)") }
    for method in ["PUT", "POST", "DELETE"] {
      #expect(try violations(method, "/storage/tabs/a") == 0)
      #expect(try violations(method, "/storage/tabs/a", isConditional: false, mayDelete: true) == 1)
      #expect(try violations(method, "/storage/tabs/a", agent: "Firefox", isConditional: false) == 0)
    }
    #expect(try violations("GET", "/storage/tabs", isConditional: false) == 0)
  }

  /// Our programs are recognised by name, and no fault, cleared log or crash hides their requests.
  @Test func checksClearedRequests() throws {
    let stage = try TestHome()
    stage.mayWrite = true
    stage.mayDeleteCollections = true
    try stage.login("--key-file", stage.scratch.keyFile).expectSuccess()
    try stage.sandbox.faults([["match": ["method": "DELETE"], "action": ["dropBefore": true]]])
    #expect(try stage.sync("delete-collection", "tabs", "--yes", "tabs").status == 4)
    try stage.sandbox.clearRequests()
    stage.sandbox.kill()
    let requests = try stage.sandbox.requestsSinceStart()
    #expect(requests.contains { $0.method == "GET" && $0.isStorage })
    #expect(RequestPolicy.violations(requests, mayDelete: false).count == 1)
    #expect(RequestPolicy.violations(requests, mayDelete: true).isEmpty)
  }
}
