/// Words that many people have as a password or as a part of one, in lower case: the best-known passwords, first names,
/// months, days, teams and makers.
enum CommonPasswords {
  /// The words, as parts of the program's read-only data.
  nonisolated(unsafe) static let all: [UnsafeBufferPointer<UInt8>] = WordList.words(of: text)

  private static let text: StaticString = """
    000000 00000000 102030 111111 11111111 112233 121212 123123 123321 1234 12345 123456 12345678 123456789
    1234567890 123abc 131313 147258 147852 159753 1q2w3e 1q2w3e4r 1qaz2wsx 232323 456789 5201314 654321 666666
    696969 741852 777777 789456 888888 987654321 999999 a1b2c3 abc123 access admin administrator adobe alexander
    alexandra amanda amazon america andrea andrew android angel angels anna anthony antonio apple april arsenal asdf
    asdfgh ashley august austin autumn azerty baby babygirl backup banana barcelona baseball basketball
    batman berlin bitcoin blank blessed boston brandon brasil brian brother buster butterfly california canada
    carlos casino change changeme charlie cheese chelsea chicago china christ chrome cisco claudia company computer
    contrasena cookie corvette daddy dallas daniel database david debian december default demo dev development
    diamond diego docker dollar dragon dropbox eagle england espana eva facebook falcon family father february
    fernando ferrari firefox florida flower football forever fortnite france francesco freedom friday friend friends
    gamer gaming gandalf george germany ginger giovanni github gitlab gmail god golden google guest happy
    harley haslo heaven hello hello123 heslo hockey home honda hotmail hunter iloveyou india internet iphone
    isabella italia ivan james january japan jason jelszo jenkins jennifer jessica jesus john jordan jose joseph
    joshua juan julia july june justin juventus kevin killer laura letmein linux liverpool login london losenord
    love lovely loveme lucas lucky luis madrid maggie magic manager march marco maria marie mario mark martin
    martina master matrix matthew maverick may mercedes merlin mexico michael michelle microsoft minecraft mohamed
    mommy monday money mongo monkey moscow motdepasse mother mozilla muhammad mustang mysql naruto natasha newyork
    nicole nikita ninja nintendo nokia none nopass nopassword november null october office olga oracle orange
    outlook pablo paris parola pass passw0rd passwd password passwort patrick paul pedro pepper peter phoenix
    photoshop pikachu player playstation pokemon poker porsche postgres princess private prod production public
    purple q1w2e3r4 qazwsx qwerty qwerty123 qwertz rainbow ranger realmadrid redis richard robert robot roma
    root russia salasana samantha samsung samurai sara sarah saturday sebastian secret senha september sergey server
    service shadow silver simon sister soccer sofia sonic sophie spiderman spring staging startup starwars
    stefan stephanie steven summer sunday sunshine superman superuser susanne svetlana sysadmin system tatiana
    taylor temp temp123 temporal test tester testing texas thomas thursday tiger tigger toor toyota trustno1 tuesday
    twitter tyler ubuntu undefined user victor victoria vladimir wachtwoord wednesday welcome welcome1 whatever
    william windows winter wizard work xbox yahoo yamaha yellow yusuf zaq12wsx zelda zxcvbn
    """
}
