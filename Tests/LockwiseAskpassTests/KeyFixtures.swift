/// Keys that ssh-keygen 9.2 made, with the passphrase `correct horse` or `secret1`, and the fingerprints that it prints.
enum KeyFixtures {
  static let openSSH = """
    -----BEGIN OPENSSH PRIVATE KEY-----
    b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABBNhYDA89
    CIlZK4orqoSLsMAAAAEAAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIM5uMdEsTBN2rZAl
    99ZV1BwtdNpUyhUtw99QIsXiCmo4AAAAkJdDF/DY4znjJ9P6H753aPRHCWzrKhRCP/dHm+
    oTFe1gEK+xT1ftt8uUjD0pmBkBLQCwoSXcVZ68YPb1X3gt/jHaVVGGreD3aHWtfabzhW5+
    8X2etEbWCMJ1pCq+WkBtr3WiB+SVtZaWqtlIRTyDG3PG6h55dQ9K1It0N53WGHsdMCqDk9
    YaqkqfnalUrBUqHA==
    -----END OPENSSH PRIVATE KEY-----

    """
  static let openSSHPublic = """
    ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIM5uMdEsTBN2rZAl99ZV1BwtdNpUyhUtw99QIsXiCmo4 ann@lapto\
    p

    """
  static let openSSHFingerprint = "b8f80eaadca4f866a43ee5fd5f61072a7ff1e1683f82504052318212183c9eba"
  static let pem = """
    -----BEGIN EC PRIVATE KEY-----
    Proc-Type: 4,ENCRYPTED
    DEK-Info: AES-128-CBC,F348B754EE800FD7DD73B16760F4E7E5

    0I7kQI2V8eZ9W/tTFLMTod8ia4lL+MhFGhNB/EXnvaFN/McxSNcjAdxh9kkNvYoF
    QFzxMaR0gbs1r7SNSz/KOPlVGATV69vZclOyklFI4IgeXL+XESN7w7klEasdxHuI
    DLlQvhPkYzxcUCTUo3AQ0Hz8ptYNIjgQa587/n8dD5A=
    -----END EC PRIVATE KEY-----

    """
  static let pemPublic = """
    ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBH6C5PyJt61rgELYrl\
    Nol+8cxoeePEC32O2IfOHQFw2O+VkdWBScV/X3S0HzHgolsL/hbZkCRkNETIkA6hayl/8= old key

    """
  static let pemFingerprint = "2875c7fecaa2f98c6bf1e026d8256f62efbe6332217cfad4fc0ce5f12e8c0b47"
  static let pkcs8 = """
    -----BEGIN ENCRYPTED PRIVATE KEY-----
    MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAimU5XJgGfBPgICCAAw
    DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEIHynM7UwANkxUpjG5jqPcwEgZBU
    BuLw7tUQjQk5aPwsx3OMEhwb48xOElT9RAV8AzM75K30DBjPOZHiSxu5x1HIZTfQ
    SXryDIVE97A+eV40TK9IlhNyldVp+QbPxBOQuBu2CHe/4Ba0Y1fqs9BPoTS84q+t
    9hvAIwz/WecLQ0Mc8Rp0i9MZfEz4Scq3AvYK4U/rIaT5uTo4W4n7pTOHym+WssQ=
    -----END ENCRYPTED PRIVATE KEY-----

    """
  static let pkcs8Public = """
    ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBJz79zdCC9v78r8aEw\
    aiZZHVJxi2Fvd1hcQBXimqVbeaFXdeoMGKjSWtIAIbrru0RvlODS+TGRWN33JyLGO3ymw= pkcs8 key

    """
  static let pkcs8Fingerprint = "56f8cfd6db8db9d76d3160b5dad1b787791eb6e911899b0c855ec3088e929e52"
}
