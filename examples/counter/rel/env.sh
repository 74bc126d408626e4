# shellcheck shell=sh
# Read by the launcher before every command. Set here what depends on the machine.
: "${COUNTER_PORT:=8080}"
export COUNTER_PORT
