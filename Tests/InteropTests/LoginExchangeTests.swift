import Foundation
import Testing

@testable import LockwiseHostSupport

extension InteropTests.OneFirefox {
  /// Changes in Firefox appear in the vault, and changes in the vault appear in Firefox.
  @Suite(.serialized) struct LoginExchangeTests: ExchangeSuite {
    let fixture: InteropFixture

    init() throws { fixture = try SharedInteropFixture.ofSuite() }

    @Test func seesFirefoxsChanges() throws {
      let form = try firefox.addLogin([
        "hostname": "https://shop.example.com", "formSubmitURL": "https://pay.example.com", "username": "irène",
        "password": "pass wörd \"1\"", "usernameField": "user", "passwordField": "pw",
      ])
      let realm = try firefox.addLogin([
        "hostname": "https://git.example.com:8443", "httpRealm": "git \"ré\"", "username": "", "password": "s",
      ])
      try firefox.sync()
      try vault.pull()
      try fixture.expectAgreement()
      let added = try vault.syncedLogins()
      #expect(Set(added.keys).isSuperset(of: [form, realm]))
      let first = try #require(added[form])
      #expect(first.text("hostname") == "https://shop.example.com")
      #expect(first.text("formSubmitURL") == "https://pay.example.com" && first.members["httpRealm"] is NSNull)
      #expect(first.username == "irène" && first.password == "pass wörd \"1\"")
      #expect(first.text("usernameField") == "user" && first.text("passwordField") == "pw")
      let second = try #require(added[realm])
      #expect(second.text("httpRealm") == "git \"ré\"" && second.members["formSubmitURL"] is NSNull)
      #expect(second.username == "" && second.password == "s")
      #expect(try vault.password(for: "https://git.example.com:8443/x.git") == "s")

      try firefox.editLogin(form, ["username": "ève", "password": "two\nlines"])
      try firefox.sync()
      try vault.pull()
      try fixture.expectAgreement()
      let edited = try #require(try vault.syncedLogins()[form])
      #expect(edited.username == "ève" && edited.password == "two\nlines")
      #expect(edited.text("hostname") == "https://shop.example.com" && edited.text("usernameField") == "user")

      try firefox.deleteLogin(form)
      try firefox.sync()
      try vault.pull()
      #expect(try fixture.tombstones().contains(form))
      #expect(try vault.syncedLogins()[form] == nil)
      try fixture.expectAgreement()
    }

    @Test func showsOurChangesInFirefox() throws {
      let entries = DesignEntries.all
      let ids = try vault.put(entries.map(\.members))
      try #require(ids.count == entries.count)
      try firefox.sync()
      try fixture.expectAgreement()
      let listed = try firefox.syncedLogins()
      for (id, entry) in zip(ids, entries) {
        let login = try #require(listed[id], "\(entry.name)")
        for (name, value) in entry.members { #expect(login.has(value, in: name), "\(entry.name): \(name)") }
      }

      // The user edits each in Firefox.
      for (id, entry) in zip(ids, entries) {
        try firefox.editLogin(id, ["password": "edited " + entry.name, "usernameField": "field"])
      }
      try firefox.sync()
      try vault.pull()
      try fixture.expectAgreement()
      let edited = try vault.syncedLogins()
      for (id, entry) in zip(ids, entries) {
        let login = try #require(edited[id], "\(entry.name)")
        #expect(login.password == "edited " + entry.name && login.text("usernameField") == "field")
        for (name, value) in entry.members where name != "password" {
          #expect(login.has(value, in: name), "\(entry.name): \(name)")
        }
      }

      // We edit each: another password and user name, another note.
      for (id, entry) in zip(ids, entries) {
        try vault.change(
          id, ["username": "us " + entry.name, "password": "ours", "lockwise": ["notes": "other"]])
      }
      try firefox.sync()
      try fixture.expectAgreement()
      let seen = try firefox.syncedLogins()
      for (id, entry) in zip(ids, entries) {
        let login = try #require(seen[id], "\(entry.name)")
        #expect(login.username == "us " + entry.name && login.password == "ours", "\(entry.name)")
        #expect(login.has(["notes": "other"], in: "lockwise"), "\(entry.name)")
      }

      for id in ids { try vault.delete(id) }
      try firefox.sync()
      #expect(try Set(firefox.syncedLogins().keys).isDisjoint(with: ids))
      #expect(try fixture.tombstones().isSuperset(of: ids))
      try fixture.expectAgreement()
    }

    /// `about:logins` lists our logins and saves the user's edits.
    @Test func editsOurLoginsInAboutLogins() throws {
      let names = [
        "web site", "git, path", "ssh with a port", "ssh key", "sudo", "pass", "notes, code and members of others",
      ]
      let entries = DesignEntries.all.filter { names.contains($0.name) }
      let ids = try vault.put(entries.map(\.members))
      try firefox.sync()
      try firefox.navigate(to: "about:logins")
      let page = FirefoxLoginsPage(firefox: firefox)
      #expect(try page.listed(atLeast: entries.count).isSuperset(of: ids))
      for id in ids { try page.change(id, password: "typed in the page") }
      try firefox.navigate(to: "about:blank")
      try firefox.sync()
      try vault.pull()
      try fixture.expectAgreement()
      let logins = try vault.syncedLogins()
      for (id, entry) in zip(ids, entries) {
        #expect(logins[id]?.password == "typed in the page", "\(entry.name)")
        for (name, value) in entry.members where name != "password" {
          #expect(logins[id]?.has(value, in: name) == true, "\(entry.name): \(name)")
        }
      }
      for id in ids { try vault.delete(id) }
      try firefox.sync()
    }
  }
}
