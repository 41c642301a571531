import Crypto
import Foundation
import Synchronization

/// The computations of a client, written for these tests without the sandbox's code.
enum Signing {
  static func hmac(_ key: Data, _ data: Data) -> Data {
    Data(HMAC<SHA256>.authenticationCode(for: data, using: SymmetricKey(data: key)))
  }

  static func hkdf(_ secret: Data, salt: Data = Data(), info: String, count: Int) -> Data {
    let key = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: secret), salt: salt, info: Data(info.utf8), outputByteCount: count)
    return key.withUnsafeBytes { Data($0) }
  }

  static func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { String(format: "%02x", $0) }.joined()
  }

  static func bytes(hex: String) -> Data {
    var data = Data()
    var rest = Substring(hex)
    while !rest.isEmpty {
      data.append(UInt8(rest.prefix(2), radix: 16) ?? 0)
      rest = rest.dropFirst(2)
    }
    return data
  }

  static func url64(_ data: Data, padded: Bool = false) -> String {
    let text = data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
    return padded ? text : text.replacing("=", with: "")
  }

  private static let stretched = Mutex<[String: (authPW: String, unwrapBKey: Data)]>([:])

  /// Stretching version 1, computed once for each address and password.
  static func authPW(email: String, password: String) -> (authPW: String, unwrapBKey: Data) {
    stretched.withLock { known in
      if let result = known[email + "\n" + password] { return result }
      let result = stretch(email: email, password: password)
      known[email + "\n" + password] = result
      return result
    }
  }

  private static func stretch(email: String, password: String) -> (authPW: String, unwrapBKey: Data) {
    let namespace = "identity.mozilla.com/picl/v1/"
    let salt = Data((namespace + "quickStretch:" + email).utf8)
    let stretched = pbkdf2(Data(password.utf8), salt: salt, rounds: 1000)
    return (
      hex(hkdf(stretched, info: namespace + "authPW", count: 32)),
      hkdf(stretched, info: namespace + "unwrapBkey", count: 32)
    )
  }

  /// One block of PBKDF2-HMAC-SHA256 (RFC 8018 section 5.2).
  static func pbkdf2(_ password: Data, salt: Data, rounds: Int) -> Data {
    let key = SymmetricKey(data: password)
    var last = Data(HMAC<SHA256>.authenticationCode(for: salt + Data([0, 0, 0, 1]), using: key))
    var result = [UInt8](last)
    for _ in 1..<rounds {
      last = Data(HMAC<SHA256>.authenticationCode(for: last, using: key))
      for (index, byte) in last.enumerated() { result[index] ^= byte }
    }
    return Data(result)
  }

  /// The id, Hawk key and third key of a token of the accounts server.
  static func token(_ hexToken: String, kind: String) -> (id: String, hawkKey: Data, bundleKey: Data) {
    let okm = hkdf(bytes(hex: hexToken), info: "identity.mozilla.com/picl/v1/" + kind, count: 96)
    return (hex(okm[0..<32]), Data(okm[32..<64]), Data(okm[64..<96]))
  }

  /// Makes a storage token as tokenlib does.
  static func storageToken(secret: String, uid: Int, expires: Int) -> (id: String, key: Data) {
    let payload = Data(
      """
      {"node":"http://127.0.0.1","uid":\(uid),"expires":\(expires),"fxa_uid":"u","fxa_kid":"k","salt":"a1b2c3"}
      """.utf8)
    let signing = hkdf(Data(secret.utf8), info: "services.mozilla.com/tokenlib/v1/signing", count: 32)
    let id = url64(payload + hmac(signing, payload), padded: true)
    let derived = hkdf(
      Data(secret.utf8), salt: Data("a1b2c3".utf8), info: "services.mozilla.com/tokenlib/v1/derive/" + id,
      count: 32)
    return (id, Data(url64(derived, padded: true).utf8))
  }

  struct Hawk {
    var id: String
    var key: Data
    var timestamp = Int(Date().timeIntervalSince1970)
    var nonce = UUID().uuidString
    var hash = ""
    var ext = ""

    func header(method: String, target: String, host: String = "127.0.0.1", port: UInt16) -> String {
      let text =
        "hawk.1.header\n\(timestamp)\n\(nonce)\n\(method)\n\(target)\n\(host)\n\(port)\n\(hash)\n\(ext)\n"
      let mac = Signing.hmac(key, Data(text.utf8)).base64EncodedString()
      var value = "Hawk id=\"\(id)\", ts=\"\(timestamp)\", nonce=\"\(nonce)\", mac=\"\(mac)\""
      if !hash.isEmpty { value += ", hash=\"\(hash)\"" }
      if !ext.isEmpty { value += ", ext=\"\(ext)\"" }
      return value
    }
  }
}
