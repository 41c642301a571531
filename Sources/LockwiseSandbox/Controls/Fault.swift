import Foundation

/// A disturbance that a test asked for, such as
/// `{"match": {"method": "POST", "path": "/storage/passwords", "nth": 2, "count": 1}, "action": {"dropAfter": true}}`.
struct Fault {
  /// What happens to a request that the fault applies to.
  struct Action {
    /// Answer with this status; without `process` the request has no other effect.
    var status: Int?
    var headers: [(name: String, value: String)] = []
    var body: String?
    var delayMilliseconds = 0
    /// Close the connection without an answer and without any effect.
    var dropBefore = false
    /// Do what was asked, then close the connection without an answer.
    var dropAfter = false
    /// Send only so many bytes of the body.
    var truncateBody: Int?
    /// Do what was asked, then answer with `status`.
    var process = false
  }

  let method: String?
  /// Part of the target (path and query).
  let path: String?
  /// First match that it applies to, from 1.
  let nth: Int
  /// How many matches it applies to; 0: all from the nth on.
  let count: Int
  let action: Action
  /// Matches so far.
  var matches = 0

  /// Reads `{"match": {…}, "action": {…}}`.
  ///
  /// - Throws: ``StateProblem`` for members or types that a fault does not have.
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
      throw StateProblem("a fault, its match and its action are objects")
    }
    for member in members where !names.contains(member.key) {
      throw StateProblem("a fault has no member \(member.key)")
    }
  }

  /// Whether it applies to this request, which it counts.
  mutating func applies(to request: Request) -> Bool {
    if let method, method != request.method { return false }
    if let path, !request.target.contains(path) { return false }
    matches += 1
    return matches >= nth && (count == 0 || matches < nth + count)
  }

  var json: JSON {
    [
      "method": .optional(method), "path": .optional(path), "nth": .int(nth), "count": .int(count),
      "matches": .int(matches),
    ]
  }
}

/// All disturbances; the first that applies is used.
final class FaultTable {
  private(set) var faults: [Fault] = []

  func replace(_ faults: [Fault]) { self.faults = faults }

  func append(_ more: [Fault]) { faults += more }

  /// The action for this request; every fault counts its matches.
  func action(for request: Request) -> Fault.Action? {
    var found: Fault.Action?
    for index in faults.indices where faults[index].applies(to: request) {
      if found == nil { found = faults[index].action }
    }
    return found
  }
}
