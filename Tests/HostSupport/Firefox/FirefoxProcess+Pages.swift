import Foundation

/// Pages and scripts.
extension FirefoxProcess {
  /// The privileges of a script.
  enum Context: String {
    /// The page's.
    case content
    /// The browser's own.
    case chrome
  }

  /// Runs the body of a function.
  ///
  /// - Returns: the JSON value that it returns; nil for `null` and `undefined`.
  @discardableResult
  func executeScript(_ body: String, _ arguments: [Any] = [], in context: Context = .content) throws -> Any? {
    try send("Marionette:SetContext", ["value": context.rawValue])
    return try send("WebDriver:ExecuteScript", ["script": body, "args": arguments])
  }

  /// Runs the body of an `async` function with `args`, the arguments, and waits for its result.
  @discardableResult
  func executeAsyncScript(_ body: String, _ arguments: [Any] = [], in context: Context = .content) throws -> Any? {
    try send("Marionette:SetContext", ["value": context.rawValue])
    let script = """
      const done = arguments[arguments.length - 1];
      (async (...args) => { \(body) })(...arguments)
        .then(value => done({ value }), error => done({ error: String(error) }));
      """
    guard
      let outcome = try send("WebDriver:ExecuteAsyncScript", ["script": script, "args": arguments]) as? [String: Any]
    else { return nil }
    if let error = outcome["error"] { throw Marionette.Failure(description: "\(error)") }
    return outcome["value"].flatMap { $0 is NSNull ? nil : $0 }
  }

  /// Loads a page.
  func navigate(to url: String) throws {
    try send("Marionette:SetContext", ["value": Context.content.rawValue])
    try send("WebDriver:Navigate", ["url": url])
  }

  /// The address of the page.
  func currentURL() throws -> String {
    try send("Marionette:SetContext", ["value": Context.content.rawValue])
    return try send("WebDriver:GetCurrentURL") as? String ?? ""
  }

  /// The visible text of the page.
  func pageText() throws -> String { try executeScript("return document.body.innerText") as? String ?? "" }

  /// Clicks the first element of a CSS selector once it exists.
  func click(_ selector: String) throws {
    try send("WebDriver:ElementClick", ["id": element(selector)])
  }

  /// Types into the first element of a CSS selector once it exists.
  func type(_ text: String, into selector: String) throws {
    try send("WebDriver:ElementSendKeys", ["id": element(selector), "text": text])
  }

  /// Waits until a page's address contains `text`.
  ///
  /// - Returns: the address.
  /// - Throws: `TimedOut`.
  func awaitURL(containing text: String, timeout: Double = 30) throws -> String {
    let deadline = Deadline(seconds: timeout)
    while true {
      let url = try currentURL()
      if url.contains(text) { return url }
      if deadline.isOver { throw TimedOut(description: "no page with \(text) in its address, but \(url)") }
      usleep(50_000)
    }
  }

  private func element(_ selector: String) throws -> String {
    try send("Marionette:SetContext", ["value": Context.content.rawValue])
    let found = try send("WebDriver:FindElement", ["using": "css selector", "value": selector]) as? [String: Any]
    // The member's name is a constant of the WebDriver standard (section 12.1, "web element identifier").
    guard let id = found?["element-6066-11e4-a52e-4f735466cecf"] as? String else {
      throw Marionette.Failure(description: "no element \(selector)")
    }
    return id
  }
}
