@testable import LockwiseCore

/// Checks that an accepted signature is encoded in DER as the same bytes.
func fuzz(_ input: UnsafeRawBufferPointer) {
  guard let signature = DSASignature(encoded: Array(input)) else { return }
  func integer(_ bytes: [UInt8]) -> [UInt8] {
    let content = bytes[0] >= 0x80 ? [0] + bytes : bytes
    return [0x02, UInt8(content.count)] + content
  }
  let content = integer(signature.r) + integer(signature.s)
  precondition([0x30, UInt8(content.count)] + content == Array(input), "another form of the same signature")
  precondition(signature.halves(of: 127)?.count == 254)
}
