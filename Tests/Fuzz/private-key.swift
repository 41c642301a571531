@testable import LockwiseAskpass
@testable import LockwiseCLI
@testable import LockwiseCore
@testable import LockwiseGit

/// Checks that a public key is read only from a complete file, also if the input is the content of one.
func fuzz(_ input: UnsafeRawBufferPointer) {
  check(PrivateKeyFile(SecretBytes(copying: input)), in: Array(input))
  let file =
    "-----BEGIN OPENSSH PRIVATE KEY-----\n" + Base64.standard.encode(Array(input))
    + "\n-----END OPENSSH PRIVATE KEY-----\n"
  let parsed = PrivateKeyFile(SecretBytes(utf8: file))
  check(parsed, in: Array(input))
  precondition(PrivateKeyFile(SecretBytes(utf8: String(file.dropLast()))) == nil)
  if let key = PublicKey(publicFile: input) {
    precondition(PublicKey(encoded: key.encoded) != nil)
    let line = "x " + Base64.standard.encode(key.encoded)
    precondition(PublicKey(publicFile: Array(line.utf8))?.encoded == nil || key.encoded[4] == UInt8(ascii: "x"))
  }
}

private func check(_ file: PrivateKeyFile?, in input: [UInt8]) {
  guard case .openSSH(let key) = file else { return }
  precondition(PublicKey(encoded: key.encoded) == key && key.comment == nil)
  guard let hex = try? key.fingerprint() else { fatalError("no fingerprint") }
  precondition(hex.utf8.count == 64 && hex == hex.lowercased())
}
