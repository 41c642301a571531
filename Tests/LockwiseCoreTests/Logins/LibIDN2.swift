import Glibc

/// libidn2, with which git's libcurl maps host names outside ASCII. It is loaded at run time and present because
/// libcurl depends on it.
struct LibIDN2 {
  /// The error if libidn2 cannot be loaded.
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
  /// - Throws: `Missing` if it cannot be loaded.
  init() throws {
    guard let library = dlopen("libidn2.so.0", RTLD_NOW), let lookup = dlsym(library, "idn2_lookup_u8"),
      let free = dlsym(library, "idn2_free")
    else { throw Missing() }
    self.lookup = unsafeBitCast(lookup, to: Lookup.self)
    self.free = unsafeBitCast(free, to: Free.self)
  }

  /// Returns the name that libcurl resolves; `nil` if it refuses the host.
  ///
  /// libcurl first uses non-transitional processing and, if that fails, transitional processing (curl's `idn.c`). It
  /// does not change ASCII names.
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
