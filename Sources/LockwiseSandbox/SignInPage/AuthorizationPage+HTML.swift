/// The HTML of the sign-in page.
extension AuthorizationPage {
  /// Makes the form for address and password.
  func passwordForm(_ parameters: AuthorizationParameters, email: String, problem: String? = nil) -> Response {
    form(
      parameters, problem,
      """
      <p><label>Email <input name="email" type="email" value="\(Form.escape(email))" autofocus></label></p>
      <p><label>Password <input name="password" type="password"></label></p>
      """)
  }

  /// Makes the form for the code that verifies a session.
  func codeForm(
    _ session: Session, _ token: [UInt8], _ parameters: AuthorizationParameters, problem: String? = nil
  ) -> Response {
    let question =
      switch session.method {
      case "totp-2fa": "Code in your authenticator app"
      case "email": "Open the link in the mail, then continue here."
      default: "Code in the mail"
      }
    let field =
      session.method == "email" ? "" : " <input name=\"code\" autocomplete=\"one-time-code\" autofocus>"
    return form(
      parameters, problem,
      """
      <input type="hidden" name="session" value="\(Hex.encode(token))">
      <p><label>\(question)\(field)</label></p>
      """)
  }

  private func form(_ parameters: AuthorizationParameters, _ problem: String?, _ fields: String) -> Response {
    let scopes = parameters.scopes.map { "<li>\(Form.escape($0))</li>" }.joined()
    return Self.page(
      "Sign in",
      """
      <p>\(Form.escape(parameters.client.name)) (\(Form.escape(parameters.client.id))) requests access to</p>
      <ul>\(scopes)</ul>
      \(problem.map { "<p id=\"error\" role=\"alert\"><strong>\(Form.escape($0))</strong></p>" } ?? "")
      <form method="post" action="/authorization?\(Form.escape(exchange.request.rawQuery))">
      \(fields)
      <p><button id="submit" type="submit">Sign in</button>
      <button id="cancel" type="submit" name="cancel" value="1">Cancel</button></p>
      </form>
      """)
  }

  /// Makes the page that the redirect addresses of Mozilla's own clients show. It ignores the code in its address.
  static func success(_ exchange: Exchange) -> Response {
    exchange.addNote("success-page")
    return page("You are signed in", "<p>You can close this page now.</p>")
  }

  /// Makes an error page.
  static func failure(_ text: String, status: Int) -> Response {
    page("Bad request", "<p id=\"error\" role=\"alert\">\(Form.escape(text))</p>", status: status)
  }

  /// Makes a page from an HTML body.
  static func page(_ title: String, _ body: String, status: Int = 200) -> Response {
    var response = Response.text(
      """
      <!DOCTYPE html>
      <html lang="en">
      <head><meta charset="utf-8"><title>\(title) – Lockwise sandbox</title></head>
      <body>
      <h1>\(title)</h1>
      \(body)
      </body>
      </html>

      """, status: status, type: "text/html; charset=utf-8")
    response.setHeader("Cache-Control", "no-store")
    response.setHeader("Referrer-Policy", "no-referrer")
    return response
  }
}
