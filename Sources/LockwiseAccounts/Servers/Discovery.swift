import LockwiseCore

/// Fetches the documents by which a content server names the other servers.
///
/// These requests carry nothing secret, and are the only ones that follow a redirect: over https, to the same site, five
/// times at most.
struct Discovery {
  /// A document, with the address of the content server that it came from.
  struct Document {
    let object: JSONObject
    let contentRoot: String
  }

  private static let limit = 5
  private static let statuses = [301, 302, 303, 307, 308]

  let transport: any HTTPTransport

  /// Fetches a document.
  ///
  /// - Parameters:
  ///   - path: its path below the content server's address.
  ///   - contentRoot: the content server's address, without a trailing slash.
  /// - Throws: `AccountsError.noDiscovery` if there is no such document, `.redirected` for a redirect that is not followed;
  ///   `HTTPError`.
  func document(_ path: String, at contentRoot: String) throws -> Document {
    var url = contentRoot + path
    for _ in 0...Self.limit {
      let response = try transport.send(
        HTTPRequest(method: "GET", url: url, headers: [("Accept", SecretBytes(utf8: "application/json"))]))
      guard Self.statuses.contains(response.status) else {
        guard response.status == 200, let object = (try? JSONValue(parsing: response.body))?.object else {
          throw AccountsError.noDiscovery(status: response.status)
        }
        let isMoved = url != contentRoot + path && url.hasSuffix(path)
        return Document(object: object, contentRoot: isMoved ? String(url.dropLast(path.utf8.count)) : contentRoot)
      }
      url = try Self.target(of: response, from: WebAddress(url))
    }
    throw AccountsError.redirected(to: try? WebAddress(url).origin)
  }

  /// Returns the target of a redirect that may be followed.
  private static func target(of response: HTTPResponse, from origin: WebAddress) throws(AccountsError) -> String {
    guard let text = response.header("location") else { throw .noDiscovery(status: response.status) }
    // A path alone is at the same server (RFC 3986 section 4.2); two slashes begin a host.
    let isPath = text.hasPrefix("/") && !text.hasPrefix("//")
    guard let target = try? WebAddress(isPath ? origin.origin + text : text) else { throw .redirected(to: nil) }
    guard
      target.origin == origin.origin || (target.isSecure && target.port == 443 && areOneSite(origin.host, target.host))
    else { throw .redirected(to: target.origin) }
    return target.text
  }

  /// Whether two hosts belong to one owner for certain: they are the same, or one is below the other.
  ///
  /// There is no list of public suffixes here, so neighbours (`a.example.org`, `b.example.org`) count as different
  /// owners, and so does whatever is below a name of one label, or of two that look like a registry's (`co.uk`,
  /// `com.au`).
  static func areOneSite(_ first: String, _ second: String) -> Bool {
    if first == second { return true }
    let (parent, child) = first.utf8.count < second.utf8.count ? (first, second) : (second, first)
    let labels = parent.split(separator: ".", omittingEmptySubsequences: false)
    guard child.hasSuffix("." + parent), labels.count >= 2, labels.allSatisfy({ !$0.isEmpty }),
      !parent.allSatisfy({ $0.isNumber || $0 == "." || $0 == ":" })
    else { return false }
    return labels.count > 2 || !isLikeRegistry(labels[0], below: labels[1])
  }

  /// Country codes have two letters. Registries below them have names of three letters at most, and a few longer ones.
  private static func isLikeRegistry(_ label: Substring, below top: Substring) -> Bool {
    top.utf8.count == 2
      && (label.utf8.count <= 3 || ["govt", "asso", "tourism", "school", "press", "info"].contains(label))
  }
}
