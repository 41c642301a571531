import CLinux
import Glibc
import LockwiseCLI
import LockwiseCore

/// The folder of pass: an encrypted file for each entry (pass(1), "FILES"). gpg decrypts one after the other.
struct PassTree {
  /// The end of an entry's file name.
  private static let suffix = Array(".gpg".utf8)
  /// The deepest nesting of folders.
  private static let mostLevels = 64
  /// The greatest size of an encrypted entry, bytes. A body has at most 1 MiB.
  private static let fileLimit = 4 << 20
  /// The number of failures without a success after which no further entry is tried: each one may show a prompt.
  private static let mostFailures = 3

  let environment: Environment
  let progress: (String) -> Void

  /// A file of the folder.
  private struct Entry {
    let parents: [[UInt8]]
    let name: [UInt8]

    /// The path without the suffix; `nil` if it is not UTF-8.
    var path: String? {
      let hasSuffix = name.suffix(PassTree.suffix.count).elementsEqual(PassTree.suffix)
      let last = hasSuffix ? Array(name.dropLast(PassTree.suffix.count)) : name
      return String(validating: Array((parents + [last]).joined(separator: [0x2F])), as: UTF8.self)
    }
  }

  /// Decrypts every entry, in the order of their paths.
  ///
  /// - Parameters:
  ///   - folder: the open folder.
  ///   - body: called with each item.
  /// - Throws: `TransferError`; any error of `body`.
  func forEachItem(in folder: Int32, _ body: (ParsedItem) throws -> Void) throws {
    var entries: [Entry] = []
    collect(in: folder, [], &entries)
    guard !entries.isEmpty else { throw TransferError.notInFormat(.pass, reason: "it has no file *.gpg") }
    let sorted = entries.map { ($0, $0.path) }.sorted { ($0.1 ?? "").utf8.lexicographicallyPrecedes(($1.1 ?? "").utf8) }
    var failures = 0
    for (index, (entry, path)) in sorted.enumerated() {
      progress("\(index) of \(Quantity.of(sorted.count, "entry", "entries"))")
      guard let path else {
        let shown = String(decoding: entry.name, as: UTF8.self)
        try body(.refused(ItemRefusal(.entry(shown), .unreadable)))
        continue
      }
      let location = ItemLocation.entry(path)
      guard let sealed = read(entry, in: folder) else {
        try body(.refused(ItemRefusal(location, errno == ELOOP ? .link : .unreadable)))
        continue
      }
      guard let text = try decrypt(sealed) else {
        failures += 1
        if failures == Self.mostFailures, index + 1 == failures { throw TransferError.notDecrypted(count: failures) }
        try body(.refused(ItemRefusal(location, .notDecrypted)))
        continue
      }
      try body(.entry(text, path: path, location))
    }
  }

  private func collect(in folder: Int32, _ parents: [[UInt8]], _ entries: inout [Entry]) {
    for name in FolderContents.names(in: folder) where name.first != UInt8(ascii: ".") {
      let inner = parents.count < Self.mostLevels ? FolderContents.openFolder(name, in: folder) : -1
      if inner >= 0 {
        collect(in: inner, parents + [name], &entries)
        close(inner)
        continue
      }
      let hasSuffix = name.count > Self.suffix.count && name.suffix(Self.suffix.count).elementsEqual(Self.suffix)
      if hasSuffix || isLink(name, in: folder) { entries.append(Entry(parents: parents, name: name)) }
    }
  }

  /// Returns whether a name is that of a symbolic link, which may lead to a folder of entries.
  private func isLink(_ name: [UInt8], in folder: Int32) -> Bool {
    var info = stat()
    return fstatat(folder, name.map(CChar.init(truncatingIfNeeded:)) + [0], &info, AT_SYMLINK_NOFOLLOW) == 0
      && info.st_mode & S_IFMT == S_IFLNK
  }

  /// Reads a file; `nil` with `errno` set if that is not possible. No symbolic link is followed.
  private func read(_ entry: Entry, in folder: Int32) -> SecretBytes? {
    var current = FolderContents.openFolder(Array(".".utf8), in: folder)
    for parent in entry.parents where current >= 0 {
      let next = FolderContents.openFolder(parent, in: current)
      close(current)
      current = next
    }
    guard current >= 0 else { return nil }
    defer { close(current) }
    let name = entry.name.map(CChar.init(truncatingIfNeeded:)) + [0]
    let file = lockwise_open_at(current, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var info = stat()
    guard fstat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG,
      let content = FileDescriptor.readAll(file, limit: Self.fileLimit)
    else {
      errno = EINVAL
      return nil
    }
    return content
  }

  /// Returns the decrypted text; `nil` if gpg fails. gpg's agent asks for a passphrase itself.
  private func decrypt(_ sealed: SecretBytes) throws -> SecretBytes? {
    do {
      let (ending, text) = try ChildProcess.exchange(
        with: "gpg", ["--quiet", "--batch", "--decrypt"], environment: environment, input: sealed, errors: .discarded,
        limit: Self.fileLimit)
      return ending?.isSuccess == true ? text : nil
    } catch ChildProcess.Failure.notFound {
      throw TransferError.missingProgram("gpg", .pass)
    } catch is ChildProcess.Failure {
      return nil
    }
  }
}
