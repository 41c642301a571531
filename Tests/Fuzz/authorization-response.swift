import LockwiseAccounts
import LockwiseCore

/// A code that is taken out of pasted text has 64 hexadecimal digits.
func fuzz(_ input: UnsafeRawBufferPointer) {
  let text = SecretBytes(copying: input)
  guard case .code(let code, _)? = try? AuthorizationResponse(pasted: text) else { return }
  precondition(code.count == 64 && Hex.decode(code) != nil, "a code that is none")
}
