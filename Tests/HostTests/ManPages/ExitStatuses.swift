/// `ExitCode`, read from its source.
struct ExitStatuses {
  var meanings: [Int: String] = [:]

  init() throws {
    let files = try Repository.swiftFiles(in: "Sources").filter { $0.hasSuffix("/ExitCode.swift") }
    guard files.count == 1 else { throw Problem("not one ExitCode.swift: \(files)") }
    let source = try Repository.text(files[0])
    var numbers: [Substring: Int] = [:]
    for match in source.matches(of: /case (\w+) = (\d+)/) { numbers[match.1] = Int(match.2) }
    for match in source.matches(of: /case \.(\w+): "(.+)"/) {
      guard let number = numbers[match.1] else { throw Problem("a meaning of no status: \(match.1)") }
      meanings[number] = String(match.2)
    }
    guard meanings.count == numbers.count else { throw Problem("a status without a meaning") }
  }
}
