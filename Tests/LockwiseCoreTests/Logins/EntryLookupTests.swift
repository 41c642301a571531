import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// Look-ups of one login by a typed name.
@Suite struct EntryLookupTests {
  private func found(_ name: String) throws -> String? {
    let index = MemoryIndex(try LookupTable.records())
    guard case .login(let login) = try EntryLookup(name).find(in: index) else { return nil }
    return login.guid
  }

  @Test(arguments: LookupTable.rows) func nothingIsGuessed(name: String, meaning: LookupTable.Meaning) throws {
    let expected: String? = if case .login(let key) = meaning { LookupTable.guid(key) } else { nil }
    #expect(try found(name) == expected)
  }

  @Test(arguments: LookupTable.rows) func folders(name: String, meaning: LookupTable.Meaning) throws {
    guard meaning == .folder else { return }
    #expect(!EntryList(try LookupTable.records().map { EntryList.Source($0) }).below(name).isEmpty)
  }

  @Test func theNameThatIsShownFindsTheLogin() throws {
    let index = MemoryIndex(try LookupTable.records())
    for entry in index.entryList().entries {
      #expect(try found(entry.name) == entry.guid, "\(entry.name)")
      #expect(try found("/" + entry.name) == entry.guid, "\(entry.name)")
    }
  }

  @Test func aGUIDFindsTheLogin() throws {
    #expect(try found(LookupTable.guid("twin2")) == LookupTable.guid("twin2"))
    #expect(try found(String(LookupTable.guid("twin2").dropLast())) == nil)
  }

  @Test func namesOfSeveralLoginsAreListed() throws {
    let index = MemoryIndex(try LookupTable.records())
    guard case .ambiguous(let names) = try EntryLookup("pairs.example/dave").find(in: index) else {
      Issue.record("not ambiguous")
      return
    }
    #expect(names.count == 2 && names.allSatisfy { $0.hasPrefix("pairs.example/dave#0") })
    for name in names { #expect(try found(name) != nil) }
  }

  /// The list alone, and the steps through tokens, agree.
  @Test func tokensAndListAgree() throws {
    var random = TestSeed.generator()
    for _ in 0..<200 {
      let hosts = ["a.example", "b.example", "a.example:1"],
        names = ["x", "y", "x#1234", "x#12345", "x/y", "", "%41", "/"]
      let records = try (0..<Int.random(in: 1...12, using: &random)).map { _ in
        let isForm = Bool.random(using: &random)
        let guid = "1234" + ["", "5", "56", "x"].randomElement(using: &random)! + String(random.next() % 10_000)
        var json = LoginJSON(
          nil, origin: ["https://", "pass://"].randomElement(using: &random)! + hosts.randomElement(using: &random)!,
          realm: isForm ? nil : "r", form: isForm ? "" : nil, username: names.randomElement(using: &random)!)
        if Int.random(in: 0..<3, using: &random) == 0 {
          let name = hosts.randomElement(using: &random)! + "/" + names.randomElement(using: &random)!
          json["lockwise"] = #"{"name":"\#(name)"}"#
        }
        return try LoginRecord(json: SecretBytes(utf8: json.text), bsoID: guid)
      }
      var seen: Set<String> = []
      let index = MemoryIndex(records.filter { seen.insert($0.guid).inserted })
      let list = index.entryList()
      #expect(Set(list.entries.map(\.name)).count == list.rows.count)
      for entry in list.entries {
        guard case .login(let login) = try EntryLookup(entry.name).find(in: index) else {
          Issue.record("\(entry.name) is not found among \(list.entries.map(\.name))")
          continue
        }
        #expect(login.guid == entry.guid, "\(entry.name) among \(list.entries.map(\.name))")
      }
    }
  }
}
