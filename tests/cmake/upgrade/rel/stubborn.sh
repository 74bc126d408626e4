#!/bin/sh
# A request has failed, and is told in the end only.
trap 'echo "one of 3 requests failed"; exit 3' TERM
while :; do
	sleep 0.1
done
