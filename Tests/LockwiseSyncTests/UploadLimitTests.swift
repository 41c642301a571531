import Foundation
import LockwiseCore
import Testing

@testable import LockwiseSync

/// The largest requests within the limits: records that fit are sent together, and no request is refused (issue 11,
/// C5).
///
/// `FakeStorage` reads every limit strictly: a size below a limit must not equal it.
@Suite struct UploadLimitTests {
  let fixture: SyncFixture
  private let client: StorageClient

  init() throws {
    fixture = try SyncFixture()
    fixture.server.mayWrite = true
    client = fixture.client()
    try client.connect()
  }

  private static let payload = 100
  private static let count = 6

  private static var items: [Uploader.Item] {
    (0..<count).map {
      Uploader.Item(id: "a\($0)", payload: SecretBytes(utf8: String(repeating: "x", count: payload)))
    }
  }

  /// Returns the length of a body with a number of records.
  private static func bodySize(_ records: Int) -> Int {
    records == 0 ? 2 : 1 + records * (items[0].text.count + 1)
  }

  enum Kind: CaseIterable, Sendable { case records, postBytes, requestBytes, recordBytes, totalRecords, totalBytes }

  private struct Uploaded {
    var requests = 0
    var statuses: Set<Int> = []
    var taken = 0
    var refused = 0
  }

  /// - Parameter announced: the limits of `info/configuration`; nil: the same limits.
  private func upload(_ limits: FakeStorage.Limits, announced: FakeStorage.Limits? = nil) throws -> Uploaded {
    var uploaded = Uploaded()
    fixture.server.limits = limits
    fixture.server.collections["passwords"] = nil
    fixture.server.decorate = { _, request, response in
      guard request.method == "POST" else { return }
      uploaded.requests += 1
      uploaded.statuses.insert(response.status)
    }
    let configuration = try #require(
      StorageConfiguration(stored: JSONValue(parsing: SecretBytes(utf8: (announced ?? limits).text))))
    let uploader = Uploader(client: client, collection: "passwords", configuration: configuration)
    var taken: Set<String> = []
    uploaded.refused = try uploader.upload(Self.items, unmodifiedSince: Timestamp(hundredths: 0)) {
      taken.formUnion($0.success)
    }.count
    uploaded.taken = taken.count
    #expect(fixture.server.collections["passwords"]?.items.count ?? 0 == taken.count)
    return uploaded
  }

  /// Returns the number of requests if a number of records fit into each.
  private func requests(_ fitting: Int) -> Int { (Self.count + fitting - 1) / fitting }

  @Test(arguments: Kind.allCases, [true, false]) func uploadsAsMuchAsTheLimitsAllow(kind: Kind, hasBatches: Bool)
    throws
  {
    for fitting in 1...Self.count {
      for difference in -1...1 {
        var limits = FakeStorage.Limits()
        limits.hasBatches = hasBatches
        // Just large enough for `fitting` records, or one byte less, or one more.
        let size = fitting * Self.payload + 1 + difference
        var expected = fitting
        switch kind {
        case .records: limits.postRecords = fitting
        case .postBytes:
          limits.postBytes = size
          expected = difference < 0 ? fitting - 1 : fitting
        case .requestBytes:
          limits.requestBytes = Self.bodySize(fitting) + 1 + difference
          // The limit is not of payload bytes here.
          limits.postBytes = 1_000_000
          expected = difference < 0 ? fitting - 1 : fitting
        case .recordBytes:
          limits.recordBytes = Self.payload + 1 + difference
          expected = difference < 0 ? 0 : Self.count
        case .totalRecords: (limits.totalRecords, limits.postRecords) = (fitting, 100)
        case .totalBytes:
          limits.totalBytes = size
          expected = difference < 0 ? fitting - 1 : fitting
        }
        let uploaded = try upload(limits)
        let name = "\(kind), \(fitting) and \(difference)"
        #expect(uploaded.statuses.isSubset(of: [200, 202]), "\(name): \(uploaded.statuses)")
        guard hasBatches || kind != .totalRecords && kind != .totalBytes else { continue }
        if kind == .totalBytes, expected == 0 { continue }
        #expect(uploaded.taken == (expected == 0 ? 0 : Self.count) && uploaded.refused == Self.count - uploaded.taken)
        #expect(uploaded.requests == (expected == 0 ? 0 : requests(expected)), "\(name)")
      }
    }
  }

  @Test(arguments: [true, false], [true, false])
  func sendsRecordsBeyondAnUnannouncedLimitAgain(ofRecords: Bool, hasBatches: Bool) throws {
    for fitting in 0...Self.count {
      var limits = FakeStorage.Limits()
      limits.hasBatches = hasBatches
      limits.failsSeparately = true
      if ofRecords { limits.postRecords = fitting } else { limits.postBytes = fitting * Self.payload + 1 }
      var announced = FakeStorage.Limits()
      announced.hasBatches = hasBatches
      let uploaded = try upload(limits, announced: announced)
      #expect(uploaded.taken == (fitting == 0 ? 0 : Self.count), "\(fitting) fit")
      #expect(uploaded.refused == Self.count - uploaded.taken, "\(fitting) fit")
      #expect(uploaded.requests == (fitting == 0 ? 1 : requests(fitting)), "\(fitting) fit")
    }
  }
}
