# Completion of lockwise-askpass for fish.
#
# contrib/install installs it.

# Tests whether the words before the cursor are these.
function __lockwise_askpass_is
    set -l words (commandline -opc)
    test "$words[2..]" = "$argv"
end

complete -c lockwise-askpass -f
complete -c lockwise-askpass -n '__lockwise_askpass_is ""' -l help -d 'Show this help'
complete -c lockwise-askpass -n '__lockwise_askpass_is ""' -l version -d 'Show the version'
complete -c lockwise-askpass -n '__lockwise_askpass_is ""' -a save -d 'Save a password or passphrase'
complete -c lockwise-askpass -n '__lockwise_askpass_is ""' -a explain -d 'Show what would answer a prompt'
complete -c lockwise-askpass -n '__lockwise_askpass_is ""' -a configure -d 'Print the settings to use it'
complete -c lockwise-askpass -n '__lockwise_askpass_is save' -a 'ssh key sudo'
complete -c lockwise-askpass -n '__lockwise_askpass_is save key' -F
complete -c lockwise-askpass -n '__lockwise_askpass_is save sudo' -a '(__fish_complete_users)'
complete -c lockwise-askpass -n '__lockwise_askpass_is configure' -a 'ssh git sudo systemd'
