import Foundation

/// The published vectors of `Tests/Fixtures/vectors.json`.
public enum TestVectors {
  /// The folder of the fixtures, found from this file, so that tests run from any working directory.
  public static let fixtures = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures")

  /// A vector: `inputs` and `expected` of the file.
  public struct Vector: @unchecked Sendable {
    /// The entry's name.
    public let name: String
    /// The input members.
    public let inputs: [String: Any]
    /// The expected members.
    public let expected: [String: Any]

    /// An input that is text.
    public func input(_ key: String) -> String { inputs[key] as? String ?? "missing input \(key)" }
    /// An input that is a whole number.
    public func integer(_ key: String) -> Int { inputs[key] as? Int ?? Int.min }
    /// An expected value that is text.
    public func output(_ key: String) -> String { expected[key] as? String ?? "missing output \(key)" }
  }

  /// All vectors in the order of the file.
  ///
  /// - Throws: an error if the file is missing or has another format.
  public static func all() throws -> [Vector] {
    let data = try Data(contentsOf: fixtures.appendingPathComponent("vectors.json"))
    let root = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    let entries = root?["vectors"] as? [[String: Any]] ?? []
    return entries.map {
      Vector(
        name: $0["name"] as? String ?? "", inputs: $0["inputs"] as? [String: Any] ?? [:],
        expected: $0["expected"] as? [String: Any] ?? [:])
    }
  }

  /// Returns the vector with a name.
  ///
  /// - Throws: `MissingVector` if it is not in the file.
  public static func named(_ name: String) throws -> Vector {
    guard let vector = try all().first(where: { $0.name == name }) else { throw MissingVector(name: name) }
    return vector
  }

  /// A vector that a test names but the file does not have.
  public struct MissingVector: Error {
    /// The name of the missing entry.
    public let name: String
  }
}
