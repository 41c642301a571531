/// What a repair of the vault found lost. All of it but unsent changes and the deleted logins that were kept comes back
/// with a whole download.
public struct VaultRepair: Equatable, Sendable {
  /// Logins whose rows were not intact.
  public internal(set) var logins = 0
  /// Changes that were not on the server yet.
  public internal(set) var changes = 0
  /// Logins that another client had deleted and that were kept.
  public internal(set) var deletedLogins = 0
  /// Documents that are made again when they are missing, by name.
  public internal(set) var documents: [DocumentName] = []

  /// Makes a repair that found nothing.
  public init() {}

  /// Whether nothing was found lost.
  public var isEmpty: Bool { self == VaultRepair() }
}
