/// The table of the look-up index's buckets. Row n is bucket n, and row -1 - n is group n, which contains the tags of
/// its buckets.
final class BucketTable {
  private let table: SealedTable
  /// The tags in groups that were read or written, by group.
  private var groups: [Int: (tag: RowTag, tags: [RowTag])] = [:]

  init(connection: SQLiteConnection, keys: VaultKeys) {
    table = SealedTable("buckets", connection: connection, keys: keys)
  }

  /// Reads the entries of a bucket.
  ///
  /// - Throws: `VaultError.damaged` if the row is missing or not the latest version.
  func read(_ bucket: Int64, _ summary: VaultSummary) throws -> [VaultIndex.Entry] {
    let tag: RowTag
    if summary.layout.hasGroups {
      let place = summary.layout.group(of: bucket)
      tag = try group(place.group, summary)[place.index]
    } else {
      tag = summary.buckets[Int(bucket)]
    }
    return try VaultIndex.decode(table.read(.number(bucket), tag))
  }

  private func group(_ group: Int, _ summary: VaultSummary) throws -> [RowTag] {
    let tag = summary.buckets[group]
    if let known = groups[group], known.tag == tag { return known.tags }
    let text = try table.read(Self.row(group: group), tag)
    let tags = try text.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes, part: "index")
      return try reader.tags(BucketLayout.groupSize)
    }
    groups[group] = (tag, tags)
    return tags
  }

  private static func row(group: Int) -> SealedTable.Row { .number(-1 - Int64(group)) }

  /// Writes every bucket.
  ///
  /// - Parameters:
  ///   - entries: all entries, sorted.
  ///   - summary: contains the layout; receives the tags.
  func writeAll(_ entries: [VaultIndex.Entry], _ summary: inout VaultSummary, random: some RandomSource) throws {
    try table.removeAll()
    groups = [:]
    let bits = summary.layout.bits
    var rest = entries[...]
    var tags: [RowTag] = []
    for bucket in 0..<summary.layout.bucketCount {
      let own = rest.prefix { $0.token.bucket(bits: bits) == bucket }
      rest = rest.dropFirst(own.count)
      tags.append(try table.write(VaultIndex.encode(Array(own)), .number(bucket), random: random))
    }
    guard summary.layout.hasGroups else { return summary.buckets = tags }
    summary.buckets = try (0..<summary.layout.rootTagCount).map { group in
      let start = group * BucketLayout.groupSize
      return try writeGroup(group, Array(tags[start..<start + BucketLayout.groupSize]), random: random)
    }
  }

  /// Writes some buckets.
  ///
  /// - Parameters:
  ///   - buckets: their numbers and all of their entries, sorted.
  ///   - summary: receives the tags.
  func write(
    _ buckets: [(bucket: Int64, entries: [VaultIndex.Entry])], _ summary: inout VaultSummary,
    random: some RandomSource
  ) throws {
    var changed: [Int: [RowTag]] = [:]
    for (bucket, entries) in buckets {
      let tag = try table.write(VaultIndex.encode(entries), .number(bucket), random: random)
      if summary.layout.hasGroups {
        let place = summary.layout.group(of: bucket)
        var tags = try changed[place.group] ?? group(place.group, summary)
        tags[place.index] = tag
        changed[place.group] = tags
      } else {
        summary.buckets[Int(bucket)] = tag
      }
    }
    for (group, tags) in changed { summary.buckets[group] = try writeGroup(group, tags, random: random) }
  }

  private func writeGroup(_ group: Int, _ tags: [RowTag], random: some RandomSource) throws -> RowTag {
    var builder = SecretBuilder(capacity: tags.count * RowTag.byteCount)
    for tag in tags { tag.append(to: &builder) }
    let tag = try table.write(builder.finish(), Self.row(group: group), random: random)
    groups[group] = (tag, tags)
    return tag
  }
}
