import Foundation
import Testing

@testable import LockwiseCore

/// The results of all queries to a vault, for comparison with the expected ones.
struct VaultSurvey {
  /// A query and its result.
  typealias Answers = [String: String]

  private let guids: [String]
  private let truth: Answers

  /// Queries an intact vault.
  init(_ vault: Vault) throws {
    var guids: [String] = []
    try vault.forEachLogin { guids.append($0.guid) }
    self.guids = guids
    var answers: Answers = [:]
    for (question, ask) in Self.questions(vault, guids) { answers[question] = try ask() }
    truth = answers
  }

  /// Returns whether another intact vault has different results.
  func differs(from other: VaultSurvey) -> Bool { truth != other.truth }

  /// Queries a changed vault. Each result must be right or an error.
  ///
  /// - Parameter other: a second state whose results are accepted too. An older summary together with its older rows
  ///   reads like an older file.
  /// - Returns: the number of errors; `nil` if the vault did not open.
  func check(
    _ directory: VaultDirectory, _ what: String, or other: VaultSurvey? = nil, unlock: (VaultFile) throws -> Vault
  ) throws -> Int? {
    let vault: Vault
    do {
      vault = try unlock(VaultFile(in: directory, access: .reading))
    } catch let error as VaultError {
      #expect(Self.isRefusal(error), "\(what): \(error)")
      return nil
    }
    var refused = 0
    for (question, ask) in Self.questions(vault, guids) {
      do {
        let answer = try ask()
        let isRight = answer == truth[question] || answer == other?.truth[question]
        #expect(isRight, "\(what): a wrong answer to \(question) instead of an error")
      } catch let error as VaultError {
        #expect(Self.isRefusal(error), "\(what): \(error)")
        refused += 1
      }
    }
    return refused
  }

  private static func isRefusal(_ error: VaultError) -> Bool {
    switch error {
    case .damaged, .newerFormat, .olderFormat, .system, .wrongKey: true
    default: false
    }
  }

  private static func questions(_ vault: Vault, _ guids: [String]) -> [(String, () throws -> String)] {
    func text(_ login: LoginRecord) -> String { login.guid + (login.json.exposedText() ?? "?") }
    var questions: [(String, () throws -> String)] = [
      ("count", { try "\(vault.loginCount()) \(vault.outboxCount())" }),
      (
        "logins",
        {
          var texts: [String] = []
          try vault.forEachLogin { texts.append(text($0)) }
          return texts.sorted().joined(separator: "\n")
        }
      ),
      (
        "outbox",
        {
          try vault.outbox().map { "\($0.guid) \($0.isDeletion) \($0.revision) \($0.base?.exposedText() ?? "-")" }
            .joined(separator: "\n")
        }
      ),
      ("aside", { try vault.setAsideRecords().map { "\($0)" }.joined(separator: "\n") }),
      ("deleted", { try vault.deletedLogins().map { "\(text($0.login)) \($0.reason)" }.joined(separator: "\n") }),
      ("slots", { try vault.slots().map { "\($0.id) \($0.source)" }.joined(separator: "\n") }),
      ("document names", { try vault.documentNames().map(\.text).joined(separator: " ") }),
    ]
    for name in [DocumentName.account, .syncState, DocumentName("git-memory"), DocumentName("further")] {
      questions.append(("document \(name.text)", { try vault.document(name)?.exposedText() ?? "none" }))
    }
    for guid in guids + ["{no-such}"] {
      questions.append(("login \(guid)", { try vault.login(guid: guid).map(text) ?? "none" }))
    }
    for number in 0..<8 {
      let host = "host\(number).example"
      questions.append(("host \(host)", { try vault.logins(atHost: host).map(text).sorted().joined() }))
      if let origin = Origin("https://" + host) {
        questions.append(("origin \(host)", { try vault.logins(at: origin).map(text).sorted().joined() }))
      }
      questions.append(("name \(number)", { try vault.logins(named: "name\(number)").map(text).sorted().joined() }))
    }
    return questions
  }
}
