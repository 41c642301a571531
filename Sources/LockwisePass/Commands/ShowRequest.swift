/// What `show` is asked for.
struct ShowRequest {
  /// A part of an entry.
  enum Part: Equatable {
    /// The whole body.
    case body
    /// A line of the body, as its number was typed; empty for the first.
    case line(String)
    /// The password.
    case password
    /// The value of a field.
    case field(String)
    /// The whole entry as JSON.
    case json
  }

  /// What happens with the part.
  enum Way {
    case print
    case copy
    case draw
  }

  /// The options of the command.
  static let options: [GetoptArguments.Option] = [
    .init("q", "qrcode", .optional), .init("c", "clip", .optional), .own("password", short: "o"),
    .own("field", .required), .own("json"), .own("flat"), .own("window"),
  ]

  /// The part.
  let part: Part
  /// What happens with it.
  let way: Way
  /// Whether a QR code appears in a window.
  let hasWindow: Bool
  /// The form of a listing.
  let form: ListCommand.Form

  /// Reads the options.
  ///
  /// - Returns: `nil` if they exclude each other.
  init?(_ parsed: GetoptArguments) {
    let (clip, qrcode) = (parsed.value("clip"), parsed.value("qrcode"))
    let line = clip ?? qrcode
    guard clip == nil || qrcode == nil else { return nil }
    way = clip != nil ? .copy : qrcode != nil ? .draw : .print
    hasWindow = parsed.has("window")
    form = parsed.has("json") ? .json : parsed.has("flat") ? .flat : .tree
    switch (parsed.has("password"), parsed.value("field"), parsed.has("json")) {
    case (false, nil, false): part = line.map { .line($0) } ?? .body
    // A line of a field makes no sense.
    case (true, nil, false) where line ?? "" == "": part = .password
    case (false, let key?, false) where line ?? "" == "": part = .field(key)
    case (false, nil, true) where line == nil: part = .json
    default: return nil
    }
  }
}
