/// The last page of a sign-in to Firefox itself.
///
/// It sends session, code and state to Firefox in the messages of Mozilla's page (mozilla-central,
/// `services/fxaccounts/FxAccountsWebChannel.sys.mjs`), each after the reply to the one before.
struct WebChannelPage {
  /// The start of `context` in the query if Firefox listens for messages.
  static let context = "oauth_webchannel"

  let account: Account
  /// The session token that Firefox stores.
  let token: [UInt8]
  let code: String
  let state: String

  private var messages: JSON {
    let account: [(String, JSON?)] = [("email", .string(account.email)), ("uid", .string(account.uid))]
    let login: [(String, JSON?)] = [
      ("sessionToken", .string(Hex.encode(token))), ("verified", true),
      ("services", ["sync": ["offeredEngines": [], "declinedEngines": []]]),
    ]
    return [
      ["fxaccounts:fxa_status", ["service": "sync", "context": "oauth_webchannel_v1"]],
      ["fxaccounts:can_link_account", .present(account)], ["fxaccounts:login", .present(account + login)],
      [
        "fxaccounts:oauth_login",
        [
          "code": .string(code), "state": .string(state), "action": "signin",
          "redirect": "urn:ietf:wg:oauth:2.0:oob:oauth-redirect-webchannel",
        ],
      ],
    ]
  }

  /// The page as a response.
  var response: Response {
    // The JSON text must not end the script element (WHATWG HTML, "Restrictions for contents of script elements").
    let text = messages.encodedText.replacing("<", with: "\\u003c")
    return AuthorizationPage.page(
      "Signing in to Firefox",
      """
      <p id="outcome">…</p>
      <script>
      const id = "account_updates";
      function send([command, data], index) {
        return new Promise((resolve, reject) => {
          addEventListener("WebChannelMessageToContent", function listen({ detail }) {
            if (detail.id !== id || detail.message.messageId !== `m${index}`) return;
            removeEventListener("WebChannelMessageToContent", listen);
            const { data } = detail.message;
            data.error || data.ok === false ? reject(`${command}: ${JSON.stringify(data)}`) : resolve(data);
          });
          const detail = JSON.stringify({ id, message: { command, data, messageId: `m${index}` } });
          dispatchEvent(new CustomEvent("WebChannelMessageToChrome", { detail }));
        });
      }
      (async () => { for (const [index, message] of \(text).entries()) await send(message, index); })().then(
        () => { outcome.textContent = "Firefox is signed in."; },
        error => { outcome.textContent = `Firefox refused ${error}`; });
      </script>
      """)
  }
}
