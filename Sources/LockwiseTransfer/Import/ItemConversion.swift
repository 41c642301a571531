import LockwiseCore

/// Turns the items of a file into logins.
package struct ItemConversion<Random: RandomSource> {
  /// The logins in the order of the file.
  package private(set) var rows: [ImportRow] = []
  /// The items that are not imported.
  package private(set) var refused: [ItemRefusal] = []

  private let now: Milliseconds
  private let random: Random

  /// Makes an empty conversion.
  ///
  /// - Parameters:
  ///   - now: the time of new logins without a time of their own.
  ///   - random: makes the ids of new logins.
  package init(now: Milliseconds, random: Random) {
    self.now = now
    self.random = random
  }

  /// Adds an item.
  ///
  /// - Throws: `CryptoError.unavailable`.
  package mutating func add(_ parsed: ParsedItem) throws {
    switch parsed {
    case .refused(let refusal): refused.append(refusal)
    case .record(let login, let location):
      rows.append(ImportRow(location: location, login: login, acceptsAnyRealm: false))
    case .draft(let draft, let guid, let location): try add(draft, guid: guid, at: location, name: "")
    case .entry(let text, let path, let location): try addEntry(text, path, location)
    case .item(let item):
      switch item.use {
      case .website: try addWebsite(item)
      case .http: try addHTTP(item)
      }
    }
  }

  private mutating func addWebsite(_ item: ForeignItem) throws {
    let name = item.title
    guard !item.password.isEmpty || !item.oneTimeCode.isEmpty else { return refuse(item, .noPassword) }
    var origins: [Origin] = []
    var others: [String] = []
    for address in item.addresses where !address.isEmpty {
      guard let origin = SiteAddress.origin(address) else {
        others.append(address)
        continue
      }
      if !origins.contains(origin) { origins.append(origin) }
    }
    guard !origins.isEmpty else { return try addFree(item) }
    // Firefox fills a form if the origin is the same, so that every site needs a login of its own.
    for origin in origins {
      let placement = EntryPlacement(
        origin: origin.serialized, target: .forNewLogin(at: origin), username: item.username)
      try add(item, ImportedNotes.of(item, isFree: false), at: placement, name: name)
    }
    for address in others { refuse(item, .unsupportedAddress(scheme: SiteAddress.scheme(of: address))) }
  }

  /// Adds an item without a site below `pass://`, as lockwise-pass does: FOLDER/TITLE/USER.
  private mutating func addFree(_ item: ForeignItem) throws {
    var title = item.title
    if title.isEmpty, let address = item.addresses.first(where: { !$0.isEmpty }) { title = address }
    guard !title.isEmpty else { return refuse(item, .noName) }
    let name = [item.folder, title, item.username].filter { !$0.isEmpty }.joined(separator: "/")
    guard let placement = EntryPlacement(freeName: name) else { return refuse(item, .noName) }
    try add(item, ImportedNotes.of(item, isFree: true), at: placement, name: title)
  }

  /// Adds an entry of pass under its name, as `lockwise-pass insert` does.
  private mutating func addEntry(_ text: SecretBytes, _ path: String, _ location: ItemLocation) throws {
    do {
      let body = try EntryBody(parsing: text)
      var placement = EntryPlacement(name: path)
      if !EntryPlacement.isWebLike(path), let url = body.field("url")?.exposedText(),
        let login = body.login?.exposedText(), let site = EntryPlacement(name: path, login: login, url: url)
      {
        placement = site
      }
      guard let placement else { return refused.append(ItemRefusal(location, .noName)) }
      try add(body.draft(at: placement), guid: nil, at: location, name: "")
    } catch let failure as EntryBody.Failure {
      refused.append(ItemRefusal(location, .unusableNotes(failure)))
    }
  }

  private mutating func addHTTP(_ item: ForeignItem) throws {
    guard !item.password.isEmpty else { return refuse(item, .noPassword) }
    guard let origin = item.addresses.first.flatMap({ Origin($0) }), ["https", "http"].contains(origin.scheme) else {
      return refuse(item, .notACredentialURL)
    }
    let realm = item.folder.isEmpty ? GitRealm.wholeHost : GitRealm.realm(path: item.folder)
    let draft = LoginDraft(
      origin: origin.serialized, target: .realm(realm), username: item.username, password: item.password)
    try add(draft, guid: nil, at: item.location, name: origin.host, acceptsAnyRealm: item.folder.isEmpty)
  }

  private mutating func add(
    _ item: ForeignItem, _ notes: SecretBytes, at placement: EntryPlacement, name: String
  ) throws {
    guard !notes.isEmpty else {
      let draft = LoginDraft(
        origin: placement.origin, target: placement.target, username: placement.username, password: item.password)
      return try add(draft, guid: nil, at: item.location, name: name)
    }
    let draft: LoginDraft
    do {
      draft = try EntryBody(password: item.password, notes: notes).draft(at: placement, acceptsSeveralLines: true)
    } catch {
      return refuse(item, .unusableNotes(error))
    }
    try add(draft, guid: nil, at: item.location, name: name)
  }

  private mutating func add(
    _ draft: LoginDraft, guid: String?, at location: ItemLocation, name: String, acceptsAnyRealm: Bool = false
  ) throws {
    let guid = try guid ?? LoginGUID.make(random)
    do {
      let login = try draft.record(guid: guid, now: now)
      rows.append(ImportRow(location: location, login: login, acceptsAnyRealm: acceptsAnyRealm))
    } catch let error as LoginRecordError {
      refused.append(ItemRefusal(location, name: name, .invalid(error)))
    }
  }

  private mutating func refuse(_ item: ForeignItem, _ reason: ItemRefusal.Reason) {
    refused.append(ItemRefusal(item.location, name: item.title, reason))
  }
}
