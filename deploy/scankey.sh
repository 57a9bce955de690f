#!/bin/sh
# /usr/local/sbin/scankey: an operator's command (scankey doctor, scankey people …) as the service's user, with its options and environment.
set -ea
. /etc/scankey.env
NODE_NO_WARNINGS=1
# Unquoted: systemd, too, parts it at spaces.
# shellcheck disable=SC2086
exec runuser -u scankey -- /opt/scankey/node_modules/.bin/node /opt/scankey/server/main.ts "$@" --public-url "${PUBLIC_URL}" --trust-proxy 127.0.0.1 --data /var/lib/scankey $OPTIONS
