import Foundation
import Testing

@testable import LockwiseHostSupport

/// A large collection is read page by page, and memory does not grow with it.
@Suite struct RawScaleTests {
  @Test(.timeLimit(.minutes(5))) func usesTheSameMemoryForAnyCollection() throws {
    let stage = try TestHome(["--generate", "5000"])
    try stage.login("--key-file", stage.scratch.keyFile).expectSuccess()
    let sync = try Executables.path("lockwise-sync")
    /// Returns the peak resident memory in kilobytes (GNU time), and the number of lines.
    func measure(_ options: String) throws -> (peak: Int, lines: Int) {
      let script = "/usr/bin/time -f %M \"$0\" get passwords --format jsonl \(options) | wc -l"
      let run = try Run.program("/bin/sh", ["-c", script, sync], environment: stage.scratch.environment, timeout: 120)
      return (
        try #require(Int(run.error.trimmingCharacters(in: .whitespacesAndNewlines)), "\(run.error)"),
        try #require(Int(run.output.trimmingCharacters(in: .whitespacesAndNewlines)))
      )
    }
    let page = try measure("--limit 500")
    let all = try measure("")
    #expect(page.lines == 500 && all.lines == 5047)
    print("peak memory: \(page.peak) kB for 500 records, \(all.peak) kB for \(all.lines)")
    #expect(all.peak < page.peak * 3 / 2, "\(page.peak) kB for a page, \(all.peak) kB for all")
    #expect(all.peak < 60_000)
  }
}
