import Foundation

@testable import LockwiseHostSupport

/// The page `about:logins`, used like a user.
struct FirefoxLoginsPage {
  let firefox: FirefoxProcess

  /// The page's object of an element, whose password field is in the document only while it is visible.
  private static let parts = """
    const list = document.querySelector("login-list").shadowRoot;
    const item = document.querySelector("login-item");
    const form = item.wrappedJSObject ?? item;
    """

  /// Returns the ids in the list once it has this many logins.
  func listed(atLeast count: Int) throws -> Set<String> {
    var ids: [String] = []
    _ = try Deadline(seconds: 20).await {
      let found = try firefox.executeScript(
        Self.parts + """
          return [...list.querySelectorAll("login-list-item[data-guid]")]
            .filter(item => !item.hidden).map(item => item.dataset.guid);
          """)
      ids = found as? [String] ?? []
      return ids.count >= count
    }
    return Set(ids)
  }

  /// Selects a login, presses “Edit”, types another password and presses “Save”.
  ///
  /// - Throws: `TimedOut` with the state of the page.
  func change(_ id: String, password: String) throws {
    try step("the login is not shown", id, before: "clickInList();", until: "form._login.guid == id")
    try step("it cannot be edited", id, before: "item.shadowRoot.querySelector('edit-button').click();", until: editing)
    let typed = """
      form._passwordInput.value = \(Self.quoted(password)); item.shadowRoot.querySelector(".save-changes-button").click();
      """
    try step(
      "it is not saved", id, before: typed, until: "!(\(editing)) && form._login.password == \(Self.quoted(password))")
  }

  private var editing: String { "item.hasAttribute('data-editing')" }

  private func step(_ problem: String, _ id: String, before: String, until condition: String) throws {
    let isDone = try firefox.executeAsyncScript(
      Self.parts + """
        const [id] = args;
        const clickInList = () => list.querySelector(`login-list-item[data-guid="${id}"]`).click();
        \(before)
        for (let i = 0; i < 1000; i++) {
          if (\(condition)) return true;
          await new Promise(resolve => setTimeout(resolve, 10));
        }
        return false;
        """, [id])
    if isDone as? Bool != true { throw TimedOut(description: "\(problem): \(id)") }
  }

  private static func quoted(_ text: String) -> String {
    let data = try? JSONSerialization.data(withJSONObject: text, options: .fragmentsAllowed)
    return String(decoding: data ?? Data(), as: UTF8.self)
  }
}
