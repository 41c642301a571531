/// A transport that is created for the first request. Setting up libcurl takes milliseconds, and a command without
/// requests needs none.
package final class LazyTransport: HTTPTransport {
  private let create: () throws -> any HTTPTransport
  private var transport: (any HTTPTransport)?

  /// Creates nothing yet.
  ///
  /// - Parameter create: creates the transport.
  package init(_ create: @escaping () throws -> any HTTPTransport) { self.create = create }

  private func created() throws -> any HTTPTransport {
    if let transport { return transport }
    let created = try create()
    transport = created
    return created
  }

  /// Sends a request.
  ///
  /// - Throws: the errors of the transport and of its creation.
  package func send(_ request: HTTPRequest) throws -> HTTPResponse { try created().send(request) }

  /// Begins a request.
  ///
  /// - Throws: the errors of the transport and of its creation.
  package func begin(_ request: HTTPRequest) throws -> () throws -> HTTPResponse { try created().begin(request) }
}
