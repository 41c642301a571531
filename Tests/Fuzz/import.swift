import LockwiseCLI

@testable import LockwiseCore
@testable import LockwiseTransfer

/// Checks that whatever a file of another program contains becomes valid logins or refusals, and a printable summary.
///
/// The first byte selects the format; with 0xFF it is recognised.
func fuzz(_ input: UnsafeRawBufferPointer) {
  guard let first = input.first else { return }
  let text = SecretBytes(copying: input.dropFirst())
  let formats = TransferFormat.allCases
  let chosen = first == 0xFF ? FormatRecognition.format(of: text) : formats[Int(first) % formats.count]
  guard let format = chosen else { return }
  let random = CountingRandom()
  var conversion = ItemConversion(now: 1, random: random)
  do {
    try TransferParser.forEachItem(in: text, format: format, random: random) { try conversion.add($0) }
  } catch {
    return
  }
  for row in conversion.rows {
    let login = row.login
    guard let again = try? LoginRecord(json: login.json, bsoID: login.guid) else { fatalError("an invalid login") }
    precondition(again.isSameLogin(as: login) && !login.password.isEmpty)
  }
  guard
    let plan = try? ImportPlan(
      conversion, replaces: true, now: 2, random: random,
      forEachLogin: { body in
        for row in conversion.rows.prefix(1) { try body(row.login) }
      })
  else { fatalError("a plan that fails") }
  precondition(plan.steps.count + plan.refused.count == conversion.rows.count + conversion.refused.count)
  precondition(Set(plan.steps.filter { $0.outcome == .new }.map(\.row.login.guid)).count == plan.count(.new))
  for line in ImportSummary(plan, format: format).lines {
    precondition(line.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
  }
}

/// Bytes that count up, so that an input always has the same ids. libcrypto's generator would keep memory.
private final class CountingRandom: RandomSource, @unchecked Sendable {
  private var next: UInt64 = 0

  func fill(_ buffer: UnsafeMutableRawBufferPointer) {
    next += 1
    withUnsafeBytes(of: next.bigEndian) { bytes in
      for index in buffer.indices { buffer[index] = bytes[index % bytes.count] }
    }
  }
}
