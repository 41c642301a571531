@testable import LockwiseAccounts
@testable import LockwiseCore

/// Checks that a code found in pasted text has 64 hexadecimal digits.
func fuzz(_ input: UnsafeRawBufferPointer) {
  let text = SecretBytes(copying: input)
  guard case .code(let code, _)? = try? AuthorizationResponse(pasted: text) else { return }
  precondition(code.count == 64 && Hex.decode(code) != nil, "an invalid code")
}
