# shellcheck shell=sh
# All that ejabberd writes goes below the state folder; its configuration is made from the one in etc/.
: "${RELEASE_STATE_DIR:?}"
EJABBERD_CONFIG_PATH=$RELEASE_STATE_DIR/ejabberd.yml
EJABBERD_LOG_PATH=$RELEASE_STATE_DIR/ejabberd.log
# shellcheck disable=SC2089,SC2090 # the VM itself takes these quotes away
ERL_AFLAGS="-mnesia dir '\"$RELEASE_STATE_DIR/mnesia\"'"
# shellcheck disable=SC2090
export EJABBERD_CONFIG_PATH EJABBERD_LOG_PATH ERL_AFLAGS
