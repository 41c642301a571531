import Foundation

/// A failure that a test injects, such as
/// `{"match": {"method": "POST", "path": "/storage/passwords", "nth": 2, "count": 1}, "action": {"dropAfter": true}}`.
struct Fault {
  /// The effect on a request that the fault applies to.
  struct Action {
    /// Responds with this status; unless `process` is set, the request has no other effect.
    var status: Int?
    var headers: [(name: String, value: String)] = []
    var body: String?
    var delayMilliseconds = 0
    /// Closes the connection without a response, before the request has any effect.
    var dropBefore = false
    /// Processes the request, then closes the connection without a response.
    var dropAfter = false
    /// Sends only this many bytes of the body.
    var truncateBody: Int?
    /// Processes the request, then responds with `status`.
    var process = false
  }

  /// The method of the requests it matches; nil: any.
  let method: String?
  /// A part of the target (path and query) of the requests it matches; nil: any.
  let path: String?
  /// The number of the first match that it applies to, from 1.
  let nth: Int
  /// The number of matches that it applies to; 0: all from the nth on.
  let count: Int
  let action: Action
  /// The number of matches so far.
  var matches = 0

  /// Parses `{"match": {…}, "action": {…}}`.
  ///
  /// - Throws: ``SandboxError`` for an unknown member, or for anything but objects.
  init(_ json: JSON) throws {
    let match = json["match"] ?? .object([])
    try Self.expect(json, ["match", "action"])
    try Self.expect(match, ["method", "path", "nth", "count"])
    method = match["method"]?.text
    path = match["path"]?.text
    nth = match["nth"]?.int ?? 1
    count = match["count"]?.int ?? 1
    let wanted = json["action"] ?? .null
    try Self.expect(
      wanted,
      ["status", "headers", "body", "delayMs", "dropBefore", "dropAfter", "truncateBody", "process"])
    var action = Action()
    action.status = wanted["status"]?.int
    action.headers = (wanted["headers"]?.members ?? []).map {
      ($0.key, $0.value.text ?? $0.value.encodedText)
    }
    action.body = wanted["body"].map { $0.text ?? $0.encodedText }
    action.delayMilliseconds = wanted["delayMs"]?.int ?? 0
    action.dropBefore = wanted["dropBefore"]?.bool ?? false
    action.dropAfter = wanted["dropAfter"]?.bool ?? false
    action.truncateBody = wanted["truncateBody"]?.int
    action.process = wanted["process"]?.bool ?? false
    self.action = action
  }

  private static func expect(_ json: JSON, _ names: [String]) throws {
    guard let members = json.members else {
      throw SandboxError("a fault, its match and its action must be objects")
    }
    for member in members where !names.contains(member.key) {
      throw SandboxError("unknown member of a fault: \(member.key)")
    }
  }

  /// Counts the request if it matches, and returns whether the fault applies to it.
  mutating func applies(to request: Request) -> Bool {
    if let method, method != request.method { return false }
    if let path, !request.target.contains(path) { return false }
    matches += 1
    return matches >= nth && (count == 0 || matches < nth + count)
  }

  /// The fault as the control surface lists it.
  var json: JSON {
    [
      "method": .optional(method), "path": .optional(path), "nth": .int(nth), "count": .int(count),
      "matches": .int(matches),
    ]
  }
}

/// The injected faults. The first one that applies to a request is used.
final class FaultTable {
  private(set) var faults: [Fault] = []

  /// Replaces all faults.
  func replace(_ faults: [Fault]) { self.faults = faults }

  /// Adds faults after the present ones.
  func append(_ more: [Fault]) { faults += more }

  /// Returns the action for this request; every fault counts its matches.
  func action(for request: Request) -> Fault.Action? {
    var found: Fault.Action?
    for index in faults.indices where faults[index].applies(to: request) {
      if found == nil { found = faults[index].action }
    }
    return found
  }
}
