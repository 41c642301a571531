/// sudo's prompt and its translations, with the Georgian one of sudo 1.9.13.
package enum SudoPromptTemplates {
  /// The templates; `%p` is the user.
  package static let all = [
    "[sudo] password for %p: ", "[sudo] adgangskode for %p: ", "[sudo] contrasenya per a %p: ",
    "[sudo] contraseña de %p: ", "[sudo] contraseña para %p: ", "[sudo] hasło użytkownika %p: ",
    "[sudo] heslo pre používateľa %p: ", "[sudo] heslo pro %p: ", "[sudo] kata sandi untuk %p: ",
    "[sudo] lozinka za %p: ", "[sudo] lösenord för %p: ", "[sudo] Mot de passe de %p\u{A0}: ",
    "[sudo] mật khẩu dành cho %p: ", "[sudo] parola pentru %p: ", "[sudo] passord for %p: ",
    "[sudo] password di %p: ", "[sudo] password par %p: ", "[sudo] Passwort für %p: ", "[sudo] pasvorto por %p: ",
    "[sudo] senha para %p: ", "[sudo] wachtwoord voor %p: ", "[sudo] пароль для %p: ", "[sudo] пароль до %p: ",
    "[sudo] گذرواژهٔ %p: ", "[sudo] პაროლი მომხმარებლისთვის %p: ", "[sudo] პაროლი %p-სთვის: ", "[sudo] %p jelszava: ",
    "[sudo] %p のパスワード:", "[sudo] %p 的密码：", "[sudo] %p 的密碼：", "[sudo] %p 암호: ",
    "[sudo] %p-käyttäjän salasana: ", "[судо] лозинка за корисника %p: ",
  ]
}
