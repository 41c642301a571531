import Glibc

/// libidn2, by which git's libcurl resolves host names outside ASCII. Loaded when a test runs: libcurl depends on it.
struct LibIDN2 {
  /// libidn2 cannot be loaded.
  struct Missing: Error {}

  private typealias Lookup =
    @convention(c) (UnsafePointer<UInt8>, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, CInt) -> CInt
  private typealias Free = @convention(c) (UnsafeMutableRawPointer) -> Void

  // idn2.h
  private static let nfcInput: CInt = 1
  private static let transitional: CInt = 4
  private static let nontransitional: CInt = 8

  private let lookup: Lookup
  private let free: Free

  /// Loads the library.
  ///
  /// - Throws: `Missing`.
  init() throws {
    guard let library = dlopen("libidn2.so.0", RTLD_NOW), let lookup = dlsym(library, "idn2_lookup_u8"),
      let free = dlsym(library, "idn2_free")
    else { throw Missing() }
    self.lookup = unsafeBitCast(lookup, to: Lookup.self)
    self.free = unsafeBitCast(free, to: Free.self)
  }

  /// The name that libcurl asks the resolver for; `nil` if it refuses the host.
  ///
  /// libcurl first has libidn2 process a name without transition, then, if that fails, with transition (curl's `idn.c`).
  /// ASCII names are left as they are.
  func resolvedName(of host: String) -> String? {
    if host.utf8.allSatisfy({ $0 < 0x80 }) { return host.lowercased() }
    var bytes = Array(host.utf8)
    bytes.append(0)
    for flags in [Self.nfcInput | Self.nontransitional, Self.transitional] {
      var result: UnsafeMutablePointer<UInt8>?
      guard lookup(bytes, &result, flags) == 0, let result else { continue }
      defer { free(result) }
      return String(cString: result).lowercased()
    }
    return nil
  }
}
