/// Cross-origin requests of web pages (Fetch standard, "CORS protocol"), which syncstorage-rs allows from anywhere.
enum CrossOrigin {
  private static let methods = "DELETE, GET, POST, PUT"
  private static let headers = [
    "Authorization", "Content-Type", "User-Agent", "X-Last-Modified", "X-Weave-Timestamp", "X-Weave-Next-Offset",
    "X-Weave-Records", "X-Weave-Bytes", "X-Weave-Total-Records", "X-Weave-Total-Bytes",
  ].joined(separator: ", ")

  /// The answer to an `OPTIONS` with an `Origin`; nil for any other request.
  static func preflight(_ request: Request, maxAge: Int) -> Response? {
    guard request.method == "OPTIONS", request.header("origin") != nil else { return nil }
    return Response(
      status: 200,
      headers: [
        ("Access-Control-Allow-Methods", methods), ("Access-Control-Allow-Headers", headers),
        ("Access-Control-Max-Age", String(maxAge)),
      ])
  }

  /// Lets the page that sent the request read the response.
  static func allow(_ response: inout Response, for request: Request) {
    guard let origin = request.header("origin") else { return }
    response.setHeader("Access-Control-Allow-Origin", origin)
    response.vary(on: "Origin")
  }
}
