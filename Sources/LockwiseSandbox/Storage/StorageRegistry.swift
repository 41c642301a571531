/// The storage of every user.
final class StorageRegistry {
  private(set) var users: [Int: UserStorage] = [:]

  /// The storage of a user; empty when nobody asked for it before.
  func user(_ uid: Int) -> UserStorage {
    if let known = users[uid] { return known }
    let new = UserStorage(uid: uid)
    users[uid] = new
    return new
  }

  func put(_ user: UserStorage) { users[user.uid] = user }

  func remove(_ uid: Int) { users[uid] = nil }
}
