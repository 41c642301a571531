/// The `X-KeyID` header: time of the last key change in ms, and the client state.
struct KeyID: Equatable {
  let keysChangedAt: Int
  /// Decoded; 16 bytes, or none.
  let clientState: [UInt8]

  init(keysChangedAt: Int, clientState: [UInt8]) {
    self.keysChangedAt = keysChangedAt
    self.clientState = clientState
  }

  /// Nil unless the value is `<digits>-<base64url of 0 or 16 bytes, without padding>`.
  init?(_ value: String) {
    guard let dash = value.firstIndex(of: "-") else { return nil }
    let digits = value[..<dash]
    let state = String(value[value.index(after: dash)...])
    guard !digits.isEmpty, digits.utf8.allSatisfy({ 48...57 ~= $0 }), let time = Int(digits),
      !state.contains("="), let bytes = Base64.decodeURL(state), [0, 16].contains(bytes.count)
    else { return nil }
    keysChangedAt = time
    clientState = bytes
  }
}
