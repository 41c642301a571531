# Completion of docker-credential-lockwise for fish.
#
# contrib/install installs it.

# Returns whether nothing was typed yet.
function __docker_credential_lockwise_is_first
    test (count (commandline -opc)) -eq 1
end

set -l first __docker_credential_lockwise_is_first

complete -c docker-credential-lockwise -f
complete -c docker-credential-lockwise -n $first -a get -d 'Print the login for a server URL'
complete -c docker-credential-lockwise -n $first -a store -d 'Save a login'
complete -c docker-credential-lockwise -n $first -a erase -d 'Delete what docker stored for a server URL'
complete -c docker-credential-lockwise -n $first -a list -d 'Print what docker stored, without passwords'
complete -c docker-credential-lockwise -n $first -a version -d 'Show the version'
complete -c docker-credential-lockwise -n $first -s h -l help -d 'Show the help'
complete -c docker-credential-lockwise -n $first -l version -d 'Show the version'
