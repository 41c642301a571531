@testable import LockwiseAccounts
@testable import LockwiseCore

/// Checks that the parts of an accepted request contain no delimiter, and that bytes after the request change nothing.
func fuzz(_ input: UnsafeRawBufferPointer) {
  guard case .complete(let request) = RedirectRequest.parse(input) else { return }
  precondition(request.path.hasPrefix("/") && !request.path.contains("?"))
  precondition(request.target.withUnsafeBytes { $0.allSatisfy { (0x21...0x7E).contains($0) } })
  precondition(!request.host.utf8.contains { $0 == 13 || $0 == 10 || $0 == 0 })
  var longer = Array(input)
  longer += [13, 10, 13, 10, 0]
  precondition(longer.withUnsafeBytes { RedirectRequest.parse($0) } == .complete(request))
}
