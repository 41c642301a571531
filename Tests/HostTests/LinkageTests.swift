import Foundation
import Testing

@testable import LockwiseHostSupport

/// The programs that return secrets have no network code.
@Suite struct LinkageTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func tool(_ name: String, _ arguments: String...) throws -> String {
    try Run.program(Executables.ofSystem(name), arguments, environment: scratch.environment).expectSuccess().output
  }

  /// The programs that hand out secrets.
  private static let helpers = [
    "git-credential-lockwise", "lockwise-askpass", "lockwise-env", "lockwise-pass", "docker-credential-lockwise",
  ]

  private func libraries(_ name: String) throws -> [String] {
    try tool("readelf", "-dW", Executables.path(name)).split(separator: "\n").filter { $0.contains("(NEEDED)") }
      .compactMap { line in line.split(separator: "[").last.map { String($0.prefix { $0 != "]" }) } }
  }

  /// `LOCKWISE_TEST_LINK=shared` means that `contrib/build --shared` made the executables.
  private var isShared: Bool { ProcessInfo.processInfo.environment["LOCKWISE_TEST_LINK"] == "shared" }

  @Test(arguments: helpers) func buildsAHelperAsAStaticFile(name: String) throws {
    let found = try libraries(name)
    let segments = try tool("readelf", "-lW", Executables.path(name))
    #expect(segments.contains("LOAD"))
    #expect(segments.contains("INTERP") == isShared)
    guard isShared else {
      #expect(found == [])
      return
    }
    let allowed = ["libcrypto.so", "libsqlite3.so", "libc.so", "libm.so", "libstdc++.so", "libgcc_s.so", "ld-linux"]
    for library in found { #expect(allowed.contains { library.hasPrefix($0) }, "\(library)") }
    for library in allowed.prefix(2) {
      #expect(found.contains { $0.hasPrefix(library) }, "\(library) is not the system's")
    }
  }

  @Test(arguments: helpers) func linksNeitherLibcurlNorFoundation(name: String) throws {
    let strings = try tool("strings", "-a", Executables.path(name))
    let words = ["curl_", "libcurl", "CURLOPT", "libFoundation", "FoundationEssentials", "URLSession"]
    #expect(words.filter { strings.contains($0) } == [])
    // The search does find words that are present.
    #expect(strings.contains(name) == true)
    let others = try tool("strings", "-a", Executables.path("lockwise-sync"))
    #expect(others.contains("curl_easy_perform") == true)
  }

  /// Addresses of functions are written at the start and read-only afterwards (ld(1), `-z now`, `-z relro`).
  @Test(arguments: helpers + ["lockwise-sync", "lockwise-sandbox"])
  func bindsSharedLibrariesAtTheStart(name: String) throws {
    let dynamic = try tool("readelf", "-dW", Executables.path(name))
    guard dynamic.contains("(NEEDED)") else {
      // A static program binds no symbols.
      #expect(Self.helpers.contains(name))
      return
    }
    #expect(dynamic.contains("BIND_NOW") || dynamic.firstMatch(of: /\(FLAGS_1\).*\bNOW\b/) != nil, "\(dynamic)")
    #expect(try tool("readelf", "-lW", Executables.path(name)).contains("GNU_RELRO"))
  }

  @Test func linksTheSystemsLibcurl() throws {
    #expect(try libraries("lockwise-sync").contains { $0.hasPrefix("libcurl") })
  }

  /// libcrypto contains code that resolves names, but our code must not call it.
  @Test func callsNoResolverOrSocket() throws {
    let build = URL(fileURLWithPath: Executables.directory).deletingLastPathComponent()
    let folder = build.appendingPathComponent("release")
    let modules = [
      "LockwiseCore", "LockwiseCLI", "LockwiseGit", "LockwisePass", "LockwiseDocker", "git_credential_lockwise",
      "lockwise_pass", "docker_credential_lockwise",
    ].map {
      folder.appendingPathComponent("\($0).build").path
    }
    let objects = modules.flatMap { module in
      ((try? FileManager.default.contentsOfDirectory(atPath: module)) ?? []).filter { $0.hasSuffix(".o") }
        .map { module + "/" + $0 }
    }
    try #require(objects.count > 20, "no object files in \(folder.path): run contrib/build all first")
    let output = try Run.program(
      Executables.ofSystem("nm"), ["-u"] + objects, environment: scratch.environment
    ).expectSuccess().output
    let called = Set(output.split(separator: "\n").compactMap { $0.split(separator: " ").last.map(String.init) })
    #expect(called.contains("sqlite3_step"), "nm shows no calls")
    for name in [
      "getaddrinfo", "gethostbyname", "gethostbyname_r", "gethostbyaddr", "getnameinfo", "getpwuid", "getpwuid_r",
      "getpwnam", "getgrgid", "getservbyname", "socket", "connect", "bind", "listen", "accept", "sendto", "dlopen",
      "system",
    ] {
      #expect(!called.contains(name), "\(name)")
    }
    #expect(!called.contains { $0.hasPrefix("curl_") || $0.contains("10Foundation") })
  }
}
