@testable import LockwiseAccounts
@testable import LockwiseCore

/// Checks that a table names an owner only if one of its lines does, whatever surrounds that line.
func fuzz(_ input: UnsafeRawBufferPointer) {
  let loopback = UInt32(0x7F00_0001).bigEndian
  let peer = ConnectionTable.End(address: loopback, port: 0xABCD)
  let own = ConnectionTable.End(address: loopback, port: 8000)
  let owners = ConnectionTable.owners(of: peer, connectedTo: own, in: input)
  var byLine: Set<UInt32> = []
  for line in input.split(separator: 10) {
    byLine.formUnion(ConnectionTable.owners(of: peer, connectedTo: own, in: UnsafeRawBufferPointer(rebasing: line)))
  }
  precondition(owners == byLine)
  // A connection has no owner if the table contains neither end of it.
  let other = ConnectionTable.End(address: 0xFFFF_FFFF, port: 0)
  let isNamed = input.split(separator: 10).contains { $0.contains(UInt8(ascii: "F")) }
  precondition(isNamed || ConnectionTable.owners(of: other, connectedTo: own, in: input).isEmpty)
}
