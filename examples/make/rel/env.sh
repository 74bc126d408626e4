# shellcheck shell=sh
# Read by the launcher before every command. Set here what depends on the machine.
: "${CRC_PORT:=}"
export CRC_PORT
