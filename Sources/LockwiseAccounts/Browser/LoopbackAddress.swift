/// A redirect address on this machine (RFC 8252 section 7.3), such as `http://127.0.0.1:8000/signed-in`.
public struct LoopbackAddress: Equatable, Sendable {
  /// The port; 0 for any that is free.
  let port: UInt16
  /// The path, `/` at least.
  let path: String
  private let host: String

  /// Parses a redirect address; `nil` if it is not on this machine. IPv6 is not supported: the port is opened on
  /// 127.0.0.1.
  public init?(_ uri: String) {
    // A URL cannot have port 0.
    let isAnyPort = uri.hasPrefix("http://127.0.0.1:0")
    let text = isAnyPort ? "http://127.0.0.1" + uri.dropFirst("http://127.0.0.1:0".count) : uri
    guard let address = try? WebAddress(text), !address.isSecure, ["127.0.0.1", "localhost"].contains(address.host),
      !address.target.contains("?"), isAnyPort == (text != uri)
    else { return nil }
    let hasPort = uri.dropFirst("http://".count).prefix { $0 != "/" }.contains(":")
    port = hasPort && !isAnyPort ? UInt16(address.port) : 0
    path = address.target.isEmpty ? "/" : address.target
    host = address.host
  }

  private init(host: String, port: UInt16, path: String) {
    self.host = host
    self.port = port
    self.path = path
  }

  /// The same address at the port that was opened.
  func opened(at port: UInt16) -> LoopbackAddress { LoopbackAddress(host: host, port: port, path: path) }

  /// The address as text.
  public var uri: String { "http://\(host):\(port)\(path)" }

  /// Whether a `Host` field names this machine at the open port. A foreign page that rebinds its own name to 127.0.0.1 makes
  /// the browser send that name.
  func isNamed(by host: String) -> Bool {
    ["127.0.0.1:\(port)", "localhost:\(port)"].contains(host.lowercased())
  }
}
