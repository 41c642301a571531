import Testing

@testable import LockwiseAccounts

/// The owner of a connection, from the text of `/proc/net/tcp`.
@Suite struct ConnectionTableTests {
  private static let own = ConnectionTable.End(address: UInt32(0x7F00_0001).bigEndian, port: 8000)
  private static let peer = ConnectionTable.End(address: UInt32(0x7F00_0001).bigEndian, port: 0xABCD)

  private static let header =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"

  private static func line(
    _ local: String, _ remote: String, state: String = "01", uid: String = "1000"
  ) -> String {
    "   0: \(local) \(remote) \(state) 00000000:00000000 00:00000000 00000000  \(uid)        0 18734 1 0000000000000000 100 0\n"
  }

  private static func owners(_ text: String) -> Set<UInt32> {
    Array(text.utf8).withUnsafeBytes { ConnectionTable.owners(of: peer, connectedTo: own, in: $0) }
  }

  @Test func formatsBothEnds() {
    // The format on x86 and ARM.
    #expect(Self.own.text == "0100007F:1F40" && Self.peer.text == "0100007F:ABCD")
    #expect(Self.peer.mappedText == "0000000000000000FFFF00000100007F:ABCD")
    #expect(ConnectionTable.End(address: 0, port: 7).text == "00000000:0007")
  }

  /// Tables, and the owners of the connection in each.
  static let tables: [(text: String, owners: Set<UInt32>)] = [
    (line("0100007F:ABCD", "0100007F:1F40"), [1000]), (line("0100007F:ABCD", "0100007F:1F40", uid: "0"), [0]),
    (
      line(
        "0000000000000000FFFF00000100007F:ABCD", "0000000000000000FFFF00000100007F:1F40", uid: "4294967294"),
      [4_294_967_294]
    ),
    // The other end, another port, another address.
    (line("0100007F:1F40", "0100007F:ABCD"), []), (line("0100007F:ABCE", "0100007F:1F40"), []),
    (line("0100007F:ABCD", "0100007F:1F41"), []), (line("0200007F:ABCD", "0100007F:1F40"), []),
    (line("0100007F:ABCD", "0200007F:1F40"), []), (line("00000000:ABCD", "0100007F:1F40"), []),
    // Half mapped.
    (line("0000000000000000FFFF00000100007F:ABCD", "0100007F:1F40"), []),
    // The kernel lists a connection that its process has closed as root's.
    (line("0100007F:ABCD", "0100007F:1F40", state: "05", uid: "0"), []),
    (line("0100007F:ABCD", "0100007F:1F40", state: "06", uid: "0"), []),
    (line("0100007F:ABCD", "0100007F:1F40", state: "04", uid: "0"), []),
    // Malformed lines.
    (line("0100007F:ABCD", "0100007F:1F40", uid: "-1"), []), (line("0100007F:ABCD", "0100007F:1F40", uid: "x"), []),
    (line("0100007F:ABCD", "0100007F:1F40", uid: "4294967296"), []),
    ("   0: 0100007F:ABCD 0100007F:1F40 01\n", []), ("", []), ("\n\n \n", []), (header, []),
    // Two different owners.
    (line("0100007F:ABCD", "0100007F:1F40") + line("0100007F:ABCD", "0100007F:1F40", uid: "1001"), [1000, 1001]),
    (
      header + line("0100007F:ABCE", "0100007F:1F40", uid: "1001") + line("0100007F:ABCD", "0100007F:1F40")
        + line("00000000:1F40", "00000000:0000", state: "0A", uid: "1002"), [1000]
    ),
  ]

  @Test(arguments: tables) func findsTheOwner(text: String, owners: Set<UInt32>) {
    #expect(Self.owners(text) == owners)
  }
}
