# shellcheck shell=sh
# Read by bin/NAME before anything is done, with the command and its arguments as $1, $2 and so
# on. RELEASE_ROOT, RELEASE_NAME, RELEASE_VSN, RELEASE_COMMAND and RELEASE_PROG are set; export
# what else shall hold, for the launcher or for the system itself:
#
# export RELEASE_STATE_DIR=/var/lib/$RELEASE_NAME
#
# A node that others reach over the network; all commands have to know:
#
# export RELEASE_DISTRIBUTION=name RELEASE_NODE="$RELEASE_NAME@$(hostname -f)"
