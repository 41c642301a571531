# Completion of docker-credential-lockwise for bash.
#
# contrib/install installs it.
# shellcheck shell=bash

_docker_credential_lockwise() {
  local words='get store erase list version -h --help --version'
  COMPREPLY=()
  ((COMP_CWORD > 1)) || mapfile -t COMPREPLY < <(compgen -W "$words" -- "${COMP_WORDS[1]}")
}

complete -F _docker_credential_lockwise docker-credential-lockwise
