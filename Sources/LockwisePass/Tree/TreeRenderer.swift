import Glibc
import LockwiseCore

/// Draws names as a tree of folders, as pass(1) shows the output of tree(1).
struct TreeRenderer {
  private let lines: TreeCharset.Lines
  private let marks: TreeMarks

  /// Makes a renderer.
  ///
  /// - Parameters:
  ///   - charset: the character set of the lines.
  ///   - hasColours: whether names have the colours that tree(1) gives without `LS_COLORS`.
  init(charset: TreeCharset, hasColours: Bool) {
    lines = charset.lines
    marks = TreeMarks(charset.lines, hasColours: hasColours)
  }

  /// Returns the tree of some entries, a line for each folder and entry.
  ///
  /// - Parameters:
  ///   - heading: the first line.
  ///   - rows: the entries, in the order of the list.
  ///   - list: the list that they belong to.
  ///   - depth: the number of bytes of each name that are not drawn: the folder that is listed, with its slash.
  func tree(_ heading: String, _ rows: ArraySlice<EntryList.Row>, of list: EntryList, below depth: Int = 0)
    -> SecretBytes
  {
    list.storage.withUnsafeBytes { names in
      rows.withUnsafeBufferPointer { rows in
        marks.bytes.withUnsafeBytes { bytes in
          var drawing = Drawing(names: names, rows: rows, lines: lines, marks: marks, bytes: bytes)
          drawing.output.append(heading + "\n")
          drawing.draw(0..<rows.count, at: depth)
          return drawing.output.finish()
        }
      }
    }
  }
}

/// What is written around the names of a tree, as one text: the drawing then needs no array for each line.
private struct TreeMarks {
  /// The whole text.
  private(set) var bytes: [UInt8] = []
  /// Before the name of a folder, and of the last one.
  private(set) var folder = (branch: 0..<0, last: 0..<0)
  /// Before the name of an entry, and of the last one.
  private(set) var entry = (branch: 0..<0, last: 0..<0)
  /// After each name.
  private(set) var end = 0..<0

  init(_ lines: TreeCharset.Lines, hasColours: Bool) {
    func paint(_ code: String) -> [UInt8] { hasColours ? Array("\u{1B}[\(code)m".utf8) : [] }
    folder = (add(lines.branch + paint("01;34")), add(lines.last + paint("01;34")))
    entry = (add(lines.branch + paint("00")), add(lines.last + paint("00")))
    end = add(paint("0") + [UInt8(ascii: "\n")])
  }

  private mutating func add(_ mark: [UInt8]) -> Range<Int> {
    bytes += mark
    return bytes.count - mark.count..<bytes.count
  }
}

/// The state of a drawing.
private struct Drawing {
  /// Marks in the memory of `TreeMarks.bytes`.
  private typealias Mark = (branch: UnsafeRawBufferPointer, last: UnsafeRawBufferPointer)

  private let names: UnsafeRawBufferPointer
  private let rows: UnsafeBufferPointer<EntryList.Row>
  private let lines: TreeCharset.Lines
  private let folder: Mark
  private let entry: Mark
  private let end: UnsafeRawBufferPointer
  /// The bars and gaps before each line of the present folder.
  private var indent: [UInt8] = []
  /// The lines so far.
  var output: SecretBuilder

  init(
    names: UnsafeRawBufferPointer, rows: UnsafeBufferPointer<EntryList.Row>, lines: TreeCharset.Lines,
    marks: TreeMarks, bytes: UnsafeRawBufferPointer
  ) {
    func mark(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[range]) }
    self.names = names
    self.rows = rows
    self.lines = lines
    folder = (mark(marks.folder.branch), mark(marks.folder.last))
    entry = (mark(marks.entry.branch), mark(marks.entry.last))
    end = mark(marks.end)
    output = SecretBuilder(capacity: rows.count * 96 + 256)
  }

  /// Draws the entries of one folder.
  ///
  /// - Parameter start: the length of the folder's path with its slash. All names of the range begin alike up to it.
  mutating func draw(_ range: Range<Int>, at start: Int) {
    var index = range.lowerBound
    while index < range.upperBound {
      let name = name(index, from: start)
      guard let slash = slash(in: name) else {
        line(name, entry, isLast: index + 1 == range.upperBound)
        index += 1
        continue
      }
      let part = UnsafeRawBufferPointer(rebasing: name[...slash])
      var next = index + 1
      while next < range.upperBound, begins(next, from: start, with: part) { next += 1 }
      let isLast = next == range.upperBound
      line(UnsafeRawBufferPointer(rebasing: name[..<slash]), folder, isLast: isLast)
      let width = indent.count
      indent += isLast ? lines.gap : lines.bar
      draw(index..<next, at: start + part.count)
      indent.removeSubrange(width...)
      index = next
    }
  }

  private func name(_ index: Int, from start: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: EntryList.name(rows[index], in: names)[start...])
  }

  private func slash(in name: UnsafeRawBufferPointer) -> Int? {
    guard let base = name.baseAddress, let slash = memchr(base, Int32(UInt8(ascii: "/")), name.count) else {
      return nil
    }
    return UnsafeRawPointer(slash) - base
  }

  private func begins(_ index: Int, from start: Int, with part: UnsafeRawBufferPointer) -> Bool {
    let name = name(index, from: start)
    guard name.count > part.count, let left = name.baseAddress, let right = part.baseAddress else { return false }
    return memcmp(left, right, part.count) == 0
  }

  private mutating func line(_ name: UnsafeRawBufferPointer, _ mark: Mark, isLast: Bool) {
    indent.withUnsafeBytes { output.append($0) }
    output.append(isLast ? mark.last : mark.branch)
    output.append(name)
    output.append(end)
  }
}
