@testable import LockwiseCore
@testable import LockwiseEnv

/// Checks that every name is one that a shell accepts, that no value contains NUL, that lines are counted, that CRLF
/// reads as LF, and that the values are read back from single quotes.
func fuzz(_ input: UnsafeRawBufferPointer) {
  let text = SecretBytes(copying: input)
  let lineFeeds = input.count { $0 == 0x0A }
  do {
    let file = try ReferenceFile(parsing: text)
    check(file, lineFeeds)
    let hasCarriageReturn = input.contains(0x0D)
    guard !hasCarriageReturn else { return }
    var crlf: [UInt8] = []
    for byte in input { crlf += byte == 0x0A ? [0x0D, 0x0A] : [byte] }
    guard let same = try? ReferenceFile(parsing: SecretBytes(copying: crlf)) else { fatalError("CRLF is refused") }
    precondition(isSame(file, same), "CRLF is read differently")
  } catch let failure as ReferenceFile.Failure {
    precondition((1...lineFeeds + 1).contains(failure.line), "a line that is not there")
  } catch {
    fatalError("another error")
  }
}

private func check(_ file: ReferenceFile, _ lineFeeds: Int) {
  var last = 1
  var written: [UInt8] = []
  for variable in file.variables {
    precondition(VariableName.isValid(Array(variable.name.utf8)), "an invalid name")
    precondition(variable.line >= last && variable.line <= lineFeeds + 1, "lines out of order")
    last = variable.line
    let value = variable.value.withUnsafeBytes { Array($0) }
    precondition(!value.contains(0), "a NUL byte")
    // A value with a quote cannot stand in single quotes, and CRLF would not stay.
    if value.contains(UInt8(ascii: "'")) || value.contains(0x0D) { return }
    written += Array("export \(variable.name)='".utf8) + value + Array("' # comment\n".utf8)
  }
  guard let again = try? ReferenceFile(parsing: SecretBytes(copying: written)) else { fatalError("quotes are refused") }
  precondition(isSame(file, again), "quoted values are read differently")
}

private func isSame(_ left: ReferenceFile, _ right: ReferenceFile) -> Bool {
  left.variables.count == right.variables.count
    && zip(left.variables, right.variables).allSatisfy { $0.name == $1.name && $0.value == $1.value }
}
