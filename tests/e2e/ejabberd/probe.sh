# Sourced by tests/e2e/system: what is special about ejabberd. $release is the unpacked release, $state its state folder.
# shellcheck shell=sh disable=SC2154 # set by the caller

before_start() {
	openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost -keyout "$state/key" -out "$state/certificate" \
		2>/dev/null
	cat "$state/key" "$state/certificate" >"$state/server.pem"
	sed "s|STATE_DIR|$state|" "$release/etc/ejabberd.yml" >"$state/ejabberd.yml"
	[ -f "$release/lib/ejabberd-23.01-1/priv/img/admin-logo.png" ] || fail "priv/img, a link out of priv, has no files"
	[ -x "$release/lib/eimp-1.0.22/priv/bin/eimp" ] || fail "the port program of eimp cannot be executed"
}

is_up() {
	[ "$(http 5280/api/status '{}' 2>/dev/null | grep -c 'ejabberd 23.01')" = 1 ]
}

questions() {
	answers "$(launcher rpc '{registered, ejabberd_auth:try_register(<<"alice">>, <<"localhost">>, <<"secret">>)}.')" \
		'{registered,ok}'
	answers "$(http 5280/api/registered_users '{"host": "localhost"}')" '["alice"]'
	python3 "$here/client.py" alice secret || fail "XMPP"
	# The web pages show a picture from the folder behind the link.
	http 5280/admin/logo.png '' alice@localhost:secret >"$state/logo.png"
	cmp "$state/logo.png" "$release/lib/ejabberd-23.01-1/priv/img/admin-logo.png" || fail "the picture came with other bytes"
	# A port program, and an application that ejabberd includes.
	answers "$(launcher rpc 'proplists:is_defined(total_memory, memsup:get_system_memory_data()).')" true
}

after_stop() {
	:
}
