import Foundation
import LockwiseTestSupport
import Testing

@testable import LockwiseCore

/// A vault with a change in any byte, row, schema object or slot is refused.
///
/// `FreshnessTests` tests older rows, `VaultSchemaTests` schema objects and `SlotTests` the fields of slots.
@Suite struct VaultSweepTests {
  private let seed: UInt64

  init() {
    let environment = ProcessInfo.processInfo.environment
    seed = environment["LOCKWISE_TEST_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...99_999)
  }

  @Test func aFlippedByteAnywhere() throws {
    let vault = try EventfulVault()
    print("flipped bytes: LOCKWISE_TEST_SEED=\(seed)")
    var generator = SeededGenerator(seed: seed)
    var noticed = 0
    for _ in 0..<250 {
      var changed = vault.file
      let position = Int.random(in: 0..<changed.count, using: &generator)
      changed[position] ^= UInt8.random(in: 1...255, using: &generator)
      try vault.restore(changed)
      if try vault.isNoticed("byte \(position) changed, seed \(seed)") { noticed += 1 }
    }
    // Much of the file is free space in pages.
    #expect(noticed > 25)
  }

  @Test func aFileCutAtEveryPage() throws {
    let vault = try EventfulVault()
    #expect(vault.file.count % 4096 == 0 && vault.file.count > 20_000)
    for length in stride(from: 0, to: vault.file.count, by: 2048) {
      try vault.restore(vault.file.prefix(length))
      #expect(try vault.isNoticed("cut to \(length)"), "cut to \(length)")
    }
    try vault.restore(vault.file)
    #expect(try vault.check("whole") == 0)
  }

  @Test func everyRowRemoved() throws {
    let vault = try EventfulVault()
    for row in vault.rows {
      try vault.afterwards { try $0.remove(row) }
      #expect(try vault.isNoticed("\(row.table) \(row.key) removed"), "\(row.table) \(row.key) removed")
    }
  }

  /// Every row again under a new number or name is ignored or refused.
  @Test func everyRowDuplicated() throws {
    let vault = try EventfulVault()
    for row in vault.rows {
      for key in row.table == "documents" ? ["duplicate"] : ["-77", "99"] {
        try vault.afterwards { try $0.put(.init(table: row.table, key: key, bytes: row.bytes)) }
        let refused = try vault.check("\(row.table) \(row.key) as \(key)")
        // Tables that are read as a whole must not have additional rows.
        let isList = ["slots", "aside", "outbox", "deleted"].contains(row.table)
        if isList { #expect(refused != 0, "\(row.table) \(row.key) as \(key)") }
      }
    }
  }

  /// Every row in place of every other one of its table and of one in every other table.
  @Test func everyRowMoved() throws {
    let vault = try EventfulVault()
    for row in vault.rows where row.table != "header" {
      let places = vault.rows.filter { place in
        place.table != "header" && place != row
          && (place.table == row.table || place == vault.rows.first { $0.table == place.table })
      }
      for place in places {
        try vault.afterwards { try $0.put(.init(table: place.table, key: place.key, bytes: row.bytes)) }
        let what = "\(row.table) \(row.key) in the place of \(place.table) \(place.key)"
        #expect(try vault.isNoticed(what), "\(what)")
      }
    }
  }

  /// Rows of another vault with the same passphrase, with or without its header.
  @Test func everyTableOfAnotherVault() throws {
    let vault = try EventfulVault()
    let other = try EventfulVault()
    for table in RawVault.tables {
      try vault.afterwards { raw in
        try raw.run("DELETE FROM \(table)")
        for row in other.rows where row.table == table { try raw.put(row) }
      }
      #expect(try vault.isNoticed("\(table) of another vault"), "\(table) of another vault")
    }
  }

  /// The last bits of a sealed row are its tag, half of which is in the index.
  @Test func everyPartOfEverySealedRow() throws {
    let vault = try EventfulVault()
    for row in vault.rows where row.table != "header" {
      for position in [0, 12, row.bytes.count - 16, row.bytes.count - 1] {
        var bytes = row.bytes
        bytes[position] ^= 4
        try vault.afterwards { try $0.put(.init(table: row.table, key: row.key, bytes: bytes)) }
        let what = "\(row.table) \(row.key), byte \(position)"
        #expect(try vault.isNoticed(what), "\(what)")
      }
      try vault.afterwards { try $0.put(.init(table: row.table, key: row.key, bytes: [])) }
      #expect(try vault.isNoticed("\(row.table) \(row.key) empty"))
    }
  }
}
