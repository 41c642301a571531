import Foundation
import Testing

@testable import LockwiseHostSupport

/// Recipes of `docs/recipes.md` for programs that talk to a service, with the real programs and loopback services.
@Suite final class EnvRecipeServiceTests {
  private let recipe: RecipeHome
  private var folder: String { recipe.folder }
  private var log: String { folder + "/log" }

  init() throws {
    recipe = try RecipeHome()
    // No keys are kept, so that the vault is locked once its key file is gone.
    recipe.home.environment["LOCKWISE_UNLOCK_TIME"] = "0"
  }

  private static func has(_ program: String) -> Bool { RecipeHome.path(of: program) != nil }
  private static let hasBotocore = access("/usr/lib/python3/dist-packages/botocore/__init__.py", R_OK) == 0

  @Test(.enabled(if: hasBotocore, "botocore is not installed")) func awsReadsTheKey() throws {
    try recipe.writeFiles("AWS")
    let program = """
      import botocore.session
      credentials = botocore.session.Session().get_credentials()
      print(credentials.method, credentials.access_key, credentials.secret_key)
      """
    try recipe.home.scratch.write(program, to: folder + "/credentials.py")
    let run = try recipe.shell("/usr/bin/python3 credentials.py").expectSuccess()
    #expect(run.output == "custom-process AKIAIOSFODNN7EXAMPLE \(RecipeHome.password)\n")
    try recipe.home.loseKey()
    #expect(try recipe.shell("/usr/bin/python3 credentials.py").status != 0)
  }

  @Test(.enabled(if: has("kubectl"), "kubectl is not installed")) func kubectlSendsTheToken() throws {
    let paths = (certificate: folder + "/tls-cert.pem", key: folder + "/tls-key.pem")
    try recipe.shell(
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test"
        + " -addext subjectAltName=IP:127.0.0.1 -keyout tls-key.pem -out tls-cert.pem"
    ).expectSuccess()
    let port = try recipe.serve("authorization-server.py", log, paths.certificate, paths.key)[0]
    let before = """
      apiVersion: v1
      kind: Config
      current-context: lab
      clusters: [{name: lab, cluster: {server: "https://127.0.0.1:\(port)", certificate-authority: "\(paths.certificate)"}}]
      contexts: [{name: lab, context: {cluster: lab, user: deploy}}]
      users:

      """
    try recipe.writeFiles("kubectl", around: [".kube/config": (before, "")])
    let kubectl = try #require(RecipeHome.path(of: "kubectl"))
    try recipe.shell("\(kubectl) get --raw /radium").expectSuccess()
    #expect(try recipe.requests(log).last == ["GET", "/radium", "Bearer \(RecipeHome.plain)", ""])
  }

  @Test(.enabled(if: has("cargo"), "cargo is not installed")) func cargoSendsTheToken() throws {
    let port = try recipe.serve("authorization-server.py", log)[0]
    let after = "\n[registries.lab]\nindex = \"sparse+http://127.0.0.1:\(port)/\"\n"
    try recipe.writeFiles("cargo", around: [".cargo/config.toml": ("", after)])
    let cargo = try #require(RecipeHome.path(of: "cargo"))
    var variables: [String: String] = [:]
    // A cargo of rustup finds its toolchain there.
    for (name, place) in [("RUSTUP_HOME", ".rustup")] {
      let path = (cargo as NSString).deletingLastPathComponent + "/../../" + place
      if access(path, R_OK) == 0 { variables[name] = path }
    }
    let run = try recipe.shell("\(cargo) owner --list radium --registry lab", with: variables)
    let request = try #require(try recipe.requests(log).last { $0[1]?.hasSuffix("/owners") == true }, "\(run.error)")
    #expect(request[2] == RecipeHome.plain)
  }

  @Test(.enabled(if: has("curl"), "curl is not installed")) func curlLogsIn() throws {
    let port = try recipe.serve("authorization-server.py", log)[0]
    try recipe.writeFiles("curl")
    let command = try recipe.recipes.command("curl", "curl ")
    let local = command.replacing("https://api.example.org/", with: "http://api.example.org:\(port)/")
    #expect(local != command)
    try recipe.shell(local + " --silent --resolve api.example.org:\(port):127.0.0.1").expectSuccess()
    let basic = Data("marie:\(RecipeHome.plain)".utf8).base64EncodedString()
    #expect(try recipe.requests(log).last?[2] == "Basic \(basic)")
  }

  @Test(.enabled(if: has("psql"), "psql is not installed")) func psqlReadsThePasswordFile() throws {
    let port = try recipe.serve("postgres-server.py", log)[0]
    let command = try recipe.recipes.command("PostgreSQL", "lockwise-env run --file ")
    // psql looks the password up by the name of the host, and connects to the address.
    let run = try recipe.shell(command, with: ["PGHOSTADDR": "127.0.0.1", "PGPORT": "\(port)"])
    #expect(recipe.log(log) == ["app \(RecipeHome.plain)"], "\(run.error)")
    #expect(run.status == 2 && !run.error.contains("permissions"), "\(run.error)")
  }

  private static let docker = "Docker and podman"

  @Test(.enabled(if: has("docker"), "docker is not installed")) func dockerGetsTheVariables() throws {
    let socket = recipe.home.scratch.root + "/docker.sock"
    _ = try recipe.serve("authorization-server.py", log, socket)
    try recipe.writeFiles(Self.docker)
    let command = try recipe.recipes.command(Self.docker, "docker run ")
    let run = try recipe.shell(
      "PATH=$PATH:/usr/local/bin; " + command, with: ["DOCKER_HOST": "unix://" + socket])
    let create = try #require(
      try recipe.requests(log).first { $0[1]?.contains("/containers/create") == true }, "\(run.error)")
    let body = try JSONSerialization.jsonObject(with: Data((create[3] ?? "").utf8)) as? [String: Any]
    #expect(body?["Env"] as? [String] == ["STAGE=production", "API_TOKEN=\(RecipeHome.plain)"])
  }

  @Test(.enabled(if: has("docker"), "docker is not installed")) func dockerLogsInWithATokenOfTheVault() throws {
    let port = try recipe.serve("registry-server.py", "marie", RecipeHome.plain, log)[0]
    let command = try recipe.recipes.command(Self.docker, "lockwise-env run --stdin ")
    let local = command.replacing(/registry\.example\.org$/, with: "127.0.0.1:\(port)")
    #expect(local != command && local.contains("registry.example.org/marie"))
    try recipe.shell(
      "PATH=$PATH:/usr/local/bin; " + local,
      with: ["DOCKER_HOST": "unix://\(recipe.home.scratch.root)/no-daemon"]
    ).expectSuccess()
    #expect(recipe.log(log) == ["marie \(RecipeHome.plain) 200"])
  }
}
