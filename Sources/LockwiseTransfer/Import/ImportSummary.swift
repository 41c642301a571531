import LockwiseCLI
import LockwiseCore

/// The summary of an import as lines of text, without secrets.
package struct ImportSummary {
  /// The plan.
  let plan: ImportPlan
  /// The format of the file.
  let format: TransferFormat
  /// The most logins and items that are named; `nil` for any number.
  let limit: Int?

  /// Makes a summary.
  package init(_ plan: ImportPlan, format: TransferFormat, limit: Int? = nil) {
    self.plan = plan
    self.format = format
    self.limit = limit
  }

  /// The lines, safe for a terminal.
  package var lines: [String] {
    var lines = TextTable.lines([
      ["format", format.title], ["new", "\(plan.count(.new))"], ["same", "\(plan.count(.same))"],
      ["completed", count(plan.count(.completed), "notes or an entry name added")],
      ["changed", changed], ["refused", "\(plan.refused.count)"],
    ])
    lines += list(plan.steps.filter { [.replaced, .kept].contains($0.outcome) }) { step in
      let effect = step.outcome == .kept ? "another password, kept" : "another password, replaced"
      return "\(step.row.location): \(step.row.name): \(effect)"
    }
    lines += list(plan.refused) { item in
      "\(item.location): " + (item.name.isEmpty ? "" : "\(item.name): ") + "\(item.reason)"
    }
    return lines
  }

  private var changed: String {
    let (kept, replaced) = (plan.count(.kept), plan.count(.replaced))
    return kept == 0 ? "\(replaced)" : "\(kept) kept; use --replace to change"
  }

  private func count(_ number: Int, _ text: String) -> String { number == 0 ? "0" : "\(number) (\(text))" }

  private func list<Element>(_ elements: [Element], _ line: (Element) -> String) -> [String] {
    let shown = limit.map { elements.prefix($0) } ?? elements[...]
    let lines = shown.map { PrintableText.of(line($0)) }
    let rest = elements.count - shown.count
    return rest == 0 ? lines : lines + ["and \(rest) more; see --dry-run"]
  }
}
