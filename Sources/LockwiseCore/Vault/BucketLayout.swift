/// The distribution of the look-up index's entries over buckets, and of buckets over groups.
struct BucketLayout: Equatable {
  /// The layout of a new vault.
  static let smallest = BucketLayout(bits: 4)
  private static let maximumBits = 24
  /// A group consists of `1 << groupBits` buckets.
  private static let groupBits = 7
  /// The approximate number of entries in a bucket after the layout changes.
  private static let targetLoad = 16
  private static let maximumLoad = 48

  /// The index has `1 << bits` buckets.
  let bits: Int

  private init(bits: Int) { self.bits = bits }

  /// Reads a stored layout.
  ///
  /// - Throws: `VaultError.damaged` if there would be too many buckets.
  init(stored bits: UInt8) throws {
    guard bits <= Self.maximumBits else { throw VaultError.damaged(part: "index") }
    self.bits = Int(bits)
  }

  /// The number of buckets.
  var bucketCount: Int64 { 1 << Int64(bits) }

  /// Whether the summary contains the tags of groups instead of buckets.
  var hasGroups: Bool { bits > Self.groupBits }

  /// The number of tags in the summary.
  var rootTagCount: Int { 1 << (hasGroups ? bits - Self.groupBits : bits) }

  /// The number of buckets in a group.
  static var groupSize: Int { 1 << groupBits }

  /// Returns the group of a bucket and its index there.
  func group(of bucket: Int64) -> (group: Int, index: Int) {
    (Int(bucket >> Int64(Self.groupBits)), Int(bucket & Int64(Self.groupSize - 1)))
  }

  /// Returns the layout for a number of entries, which is this one until its buckets are too full.
  func fitting(entries: Int) -> BucketLayout {
    guard entries > Self.maximumLoad << bits else { return self }
    var wanted = bits
    while wanted < Self.maximumBits, entries > Self.targetLoad << wanted { wanted += 1 }
    return BucketLayout(bits: wanted)
  }
}
