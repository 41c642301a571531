import Testing

@testable import LockwiseSync

@Suite struct BackgroundWorkTests {
  private struct Failure: Error, Equatable {
    let number: Int
  }

  @Test func returnsTheResult() throws {
    let works = (0..<20).map { number in BackgroundWork { (0...number).reduce(0, +) } }
    #expect(try works.map { try $0.value() } == (0..<20).map { $0 * ($0 + 1) / 2 })
    #expect(try works[3].value() == 6)
  }

  @Test func throwsTheError() {
    let work = BackgroundWork<Int> { throw Failure(number: 7) }
    #expect(throws: Failure(number: 7)) { try work.value() }
  }
}
