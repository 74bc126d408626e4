#!/bin/sh
# The launcher of ${release_name}: starts, stops and questions the release; `help` lists the commands.
#
# POSIX sh. On the way to a running VM only builtins are used, no process is started; the first
# start makes its folder and cookie with three. Names in capitals are the environment
# that users, env.sh, hooks and the VM see; all else is private and begins with _, so that no variable of the user's is one of these.

set -e
