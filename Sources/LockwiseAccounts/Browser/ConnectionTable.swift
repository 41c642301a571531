/// The text of `/proc/net/tcp` or `/proc/net/tcp6` (proc_net_tcp(5)): every TCP connection of this machine with the user
/// whose process holds it.
enum ConnectionTable {
  /// One end of a connection over IPv4.
  struct End: Equatable, Sendable {
    /// The address as in `sockaddr_in`, in network byte order.
    let address: UInt32
    /// The port in host byte order.
    let port: UInt16

    /// Creates an end of an address in network byte order and a port.
    public init(address: UInt32, port: UInt16) {
      self.address = address
      self.port = port
    }

    /// The end as `/proc/net/tcp` prints it: the address as one number of this machine.
    var text: String { Self.hex(address) + ":" + Self.hex(port) }

    /// The end as `/proc/net/tcp6` prints it, where an IPv6 socket holds it (RFC 4291 section 2.5.5.2).
    var mappedText: String { "0000000000000000" + Self.hex(UInt32(0xFFFF).bigEndian) + text }

    private static func hex(_ number: some FixedWidthInteger) -> String {
      let digits = String(number, radix: 16, uppercase: true)
      return String(repeating: "0", count: type(of: number).bitWidth / 4 - digits.utf8.count) + digits
    }
  }

  /// The state of a connection whose both ends are open.
  private static let established = "01"

  /// Finds the owners of an end of an open connection.
  ///
  /// Connections in other states are left out: the kernel shows those that their process has closed as held by root.
  ///
  /// - Parameters:
  ///   - end: the end in question.
  ///   - other: the connection's other end.
  ///   - text: the table. Lines of another form are skipped.
  /// - Returns: the user ids of all lines about this connection; none if it is not there.
  static func owners(of end: End, connectedTo other: End, in text: UnsafeRawBufferPointer) -> Set<UInt32> {
    let wanted = [(end.text, other.text), (end.mappedText, other.mappedText)].map {
      (Array($0.0.utf8), Array($0.1.utf8))
    }
    var owners: Set<UInt32> = []
    for line in text.split(separator: UInt8(ascii: "\n")) {
      // sl, local_address, rem_address, st, queues, timer, retransmits, uid, …
      let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 8)
      guard fields.count >= 8, fields[3].elementsEqual(established.utf8),
        wanted.contains(where: { fields[1].elementsEqual($0.0) && fields[2].elementsEqual($0.1) }),
        fields[7].allSatisfy({ (48...57).contains($0) }),
        let owner = UInt32(String(decoding: fields[7], as: UTF8.self))
      else { continue }
      owners.insert(owner)
    }
    return owners
  }
}
