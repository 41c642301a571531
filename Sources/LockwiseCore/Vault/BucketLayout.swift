/// How the entries of the look-up index are spread over buckets, and buckets over groups.
struct BucketLayout: Equatable {
  /// The layout of a new vault.
  static let smallest = BucketLayout(bits: 4)
  private static let maximumBits = 24
  /// A group has `1 << groupBits` buckets.
  private static let groupBits = 7
  /// About so many entries are in a bucket after the index was laid out again.
  private static let comfortableLoad = 16
  private static let maximumLoad = 48

  /// There are `1 << bits` buckets.
  let bits: Int

  private init(bits: Int) { self.bits = bits }

  /// - Throws: `VaultError.damaged`.
  init(stored bits: UInt8) throws {
    guard bits <= Self.maximumBits else { throw VaultError.damaged(part: "index") }
    self.bits = Int(bits)
  }

  /// The number of buckets.
  var bucketCount: Int64 { 1 << Int64(bits) }

  /// Whether the summary has the tags of groups and not of buckets.
  var hasGroups: Bool { bits > Self.groupBits }

  /// The number of tags in the summary.
  var rootTagCount: Int { 1 << (hasGroups ? bits - Self.groupBits : bits) }

  /// The number of buckets in a group.
  static var groupSize: Int { 1 << groupBits }

  /// The group of a bucket and its place there.
  func group(of bucket: Int64) -> (group: Int, index: Int) {
    (Int(bucket >> Int64(Self.groupBits)), Int(bucket & Int64(Self.groupSize - 1)))
  }

  /// The layout for so many entries: this one as long as it will do.
  func fitting(entries: Int) -> BucketLayout {
    guard entries > Self.maximumLoad << bits else { return self }
    var wanted = bits
    while wanted < Self.maximumBits, entries > Self.comfortableLoad << wanted { wanted += 1 }
    return BucketLayout(bits: wanted)
  }
}
