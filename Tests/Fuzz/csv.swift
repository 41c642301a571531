@testable import LockwiseCore
@testable import LockwiseTransfer

/// Checks that comma-separated values are read in order, and that records that are written again are read as the same.
func fuzz(_ input: UnsafeRawBufferPointer) {
  guard var reader = try? CSVReader(SecretBytes(copying: input)) else { return }
  let lineEnds = input.count { $0 == 0x0A || $0 == 0x0D }
  var line = 0
  while let record = try? reader.next() {
    precondition(record.line > line && record.line <= lineEnds + 1, "a wrong line")
    line = record.line
    precondition(!record.fields.isEmpty)
    for field in record.fields where !field.isQuoted {
      precondition(!field.value.contains(0x2C) && !field.value.contains(0x0A) && !field.value.contains(0x0D))
    }
    let values = record.fields.map { $0.isQuoted ? $0.value : nil }
    let unquoted = record.fields.contains { !$0.isQuoted && !$0.value.isEmpty }
    // What is missing is written as nothing.
    guard !unquoted, var again = try? CSVReader(CSVWriter.line(values)), let copy = try? again.next() else { continue }
    precondition(copy.fields.map(\.value) == record.fields.map(\.value))
    precondition(copy.fields.map(\.isQuoted) == record.fields.map(\.isQuoted))
    guard let end = try? again.next() else { continue }
    precondition(end == nil, "a second record")
  }
}
