#!/bin/sh
# bin/counter migrate: make the state folder ready for this version.
exec "$RELEASE_ROOT/bin/$RELEASE_NAME" eval 'ok = counter_store:migrate().'
