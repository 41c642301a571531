import CLinux
import Glibc
import LockwiseCore

/// Finds the owner of the process at the other end of a connection within this machine.
enum LoopbackPeer {
  private static let tables = ["/proc/net/tcp", "/proc/net/tcp6"]
  private static let tries = 3
  /// About 400,000 connections.
  private static let limit = 64 << 20

  /// Whether the system shows owners.
  static var isKnown: Bool { access(tables[0], R_OK) == 0 }

  /// Returns the user id of the process at the other end of an accepted connection; `nil` if it is unknown.
  ///
  /// The tables are read twice and must agree: a connection that is still open the second time was open the first time,
  /// so the user id is not root's, which marks a closed one.
  static func owner(of descriptor: Int32) -> uid_t? {
    guard let own = end(of: descriptor, getsockname), let peer = end(of: descriptor, getpeername) else { return nil }
    // A table that changes while it is read may miss a line.
    for _ in 0..<tries {
      let first = owners(of: peer, connectedTo: own)
      if first.count == 1, first == owners(of: peer, connectedTo: own) { return first.first }
    }
    return nil
  }

  private static func owners(of end: ConnectionTable.End, connectedTo other: ConnectionTable.End) -> Set<uid_t> {
    tables.reduce(into: []) { owners, path in
      let descriptor = lockwise_open(path, O_RDONLY | O_CLOEXEC, 0)
      guard descriptor >= 0 else { return }
      defer { close(descriptor) }
      guard let text = FileDescriptor.readAll(descriptor, limit: limit) else { return }
      owners.formUnion(text.withUnsafeBytes { ConnectionTable.owners(of: end, connectedTo: other, in: $0) })
    }
  }

  private typealias NameFunction = (Int32, UnsafeMutablePointer<sockaddr>?, UnsafeMutablePointer<socklen_t>?) -> Int32

  private static func end(of descriptor: Int32, _ name: NameFunction) -> ConnectionTable.End? {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { name(descriptor, $0, &length) }
    }
    guard result == 0, address.sin_family == sa_family_t(AF_INET) else { return nil }
    return ConnectionTable.End(address: address.sin_addr.s_addr, port: UInt16(bigEndian: address.sin_port))
  }
}
