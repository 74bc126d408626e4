# Sourced by tests/e2e/system: what is special about RabbitMQ.
# shellcheck shell=sh disable=SC2154 # set by the caller

before_start() {
	:
}

# The plugin answers before the broker listens, and that before it calls itself running.
is_up() {
	case $(http 15672/api/health/checks/port-listener/5672 '' guest:guest 2>/dev/null) in
	*'"status":"ok"'*) ;;
	*) return 1 ;;
	esac
	[ "$(launcher rpc 'rabbit:is_running().' 2>/dev/null)" = true ]
}

questions() {
	python3 "$here/client.py" guest guest || fail "AMQP"
	case $(http 15672/api/overview '' guest:guest) in
	*'"rabbitmq_version":"3.10.8"'*) ;;
	*) fail "the overview of the management plugin does not name its version" ;;
	esac
	case $(http 15672/ '') in
	*'<title>RabbitMQ Management</title>'*) ;;
	*) fail "the pages of the management plugin, which lie in its priv, do not come" ;;
	esac
}

after_stop() { # epmd outlives the nodes that asked for it
	"$release/erts-13.1.5/bin/epmd" -kill >/dev/null || fail "epmd does not end"
	sleep 0.2
}
