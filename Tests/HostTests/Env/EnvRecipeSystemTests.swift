import Foundation
import Testing

@testable import LockwiseHostSupport

/// Recipes of `docs/recipes.md` for sudo and systemd.
@Suite final class EnvRecipeSystemTests {
  private let recipe: RecipeHome

  init() throws { recipe = try RecipeHome() }

  private static let hasAnalyze = access("/usr/bin/systemd-analyze", X_OK) == 0

  @Test(.enabled(if: geteuid() == 0, "only root may use sudo without a password"))
  func sudoKeepsTheVariable() throws {
    let command = try recipe.recipes.command("sudo", "lockwise-env run ")
    #expect(try recipe.shell(command).expectSuccess().output == RecipeHome.plain + "\n")
    let removed = try recipe.shell(command.replacing("--preserve-env=API_TOKEN ", with: ""))
    #expect(removed.status == 1 && removed.output.isEmpty, "sudo keeps every variable here")
  }

  @Test(.enabled(if: hasAnalyze, "systemd-analyze is not installed")) func theUnitIsValidAndItsCommandRuns() throws {
    try recipe.writeFiles("systemd")
    try recipe.writeFiles("Docker and podman")
    let unit = recipe.folder + "/.config/systemd/user/app.service"
    let verified = try recipe.shell(
      "systemd-analyze --man=no --user verify \(unit)", with: ["XDG_RUNTIME_DIR": recipe.home.scratch.root])
    #expect(verified.errorLines.filter { $0.contains("app.service") } == [], "\(verified.error)")
    let text = try String(contentsOfFile: unit, encoding: .utf8)
    let start = try #require(text.firstMatch(of: /(?m)^ExecStart=(.*)$/)).1
    // systemd replaces %h by the home folder.
    let run = try recipe.shell(String(start).replacing("%h", with: recipe.folder)).expectSuccess()
    #expect(run.output == RecipeHome.plain + "\n")
  }
}
