import Foundation

/// The recipes of `docs/recipes.md`: files to write and commands to type, by section.
struct Recipes {
  /// A missing section, file or command.
  struct Missing: Error, CustomStringConvertible {
    let description: String
  }

  /// The files of a section by their path below the home folder, without `~/`.
  private(set) var files: [String: [String: String]] = [:]
  /// The lines of a section's blocks of commands.
  private(set) var commands: [String: [String]] = [:]

  /// Reads the document.
  init() throws {
    let text = try String(contentsOf: Readme.root.appendingPathComponent("docs/recipes.md"), encoding: .utf8)
    var (section, file, prose) = ("", nil as String?, "")
    var block: [Substring]?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        if let lines = block {
          if let file {
            files[section, default: [:]][file] = lines.map { $0 + "\n" }.joined()
          } else {
            commands[section, default: []] += lines.map(String.init)
          }
          (block, file, prose) = (nil, nil, "")
        } else {
          // `In PATH:` names the file.
          file = prose.firstMatch(of: #/^(?:[^`]*, )?[Ii]n `~/([^`]+)`/#).map { String($0.1) }
          block = []
        }
      } else if block != nil {
        block?.append(line)
      } else if line.hasPrefix("## ") {
        (section, prose) = (String(line.dropFirst(3)), "")
      } else {
        prose = line.isEmpty && !prose.isEmpty && prose.hasSuffix(":") ? prose : line.isEmpty ? "" : prose + line
      }
    }
  }

  /// Returns the command of a section that begins with these words.
  ///
  /// - Throws: `Missing`.
  func command(_ section: String, _ words: String) throws -> String {
    guard let line = commands[section]?.first(where: { $0.hasPrefix(words) }) else {
      throw Missing(description: "docs/recipes.md has no command \(words) under \(section)")
    }
    return line
  }

  /// Returns the text of a file of a section, with the home folder in place of the document's.
  ///
  /// - Throws: `Missing`.
  func file(_ section: String, _ path: String, home: String) throws -> String {
    guard let text = files[section]?[path] else {
      throw Missing(description: "docs/recipes.md has no file ~/\(path) under \(section)")
    }
    return text.replacing("/home/marie", with: home)
  }
}
