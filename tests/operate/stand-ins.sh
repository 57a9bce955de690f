#!/bin/sh
# What a house of its own (house.sh) has in place of what needs the network or an init system, under the names by which a page's commands
# call them. All else of those commands is the real thing.
#   apt-get   the packages are unpacked already
#   git       `clone` copies this tree's files, and nothing is newer than they are
#   npm       `run setup` takes this tree's packages; what is built stays; the rest is npm
#   certbot   the certificate of the house's own authority is there already; `renew` puts a later one in its place, and runs the hook
#   systemctl runs what ExecStart of a unit says, as its User; Caddy gets certificates of its own authority in place of ACME
set -e
root=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
units='/etc/systemd/system /lib/systemd/system'

line() { sed -n "s/^$2=//p" "$1" | head -n 1; }

start() {
  for folder in $units; do [ ! -e "$folder/$1.service" ] || { unit=$folder/$1.service; break; }; done
  [ -n "$unit" ] || { echo "no unit $1" >&2; exit 5; }
  user=$(line "$unit" User)
  [ "$1" != scankey ] && [ "$1" != scankey-backup ] && user=root
  state=$(line "$unit" StateDirectory)
  [ -z "$state" ] || install -d -m 700 -o "$user" -g "$user" "/var/lib/$state"
  variables=$(line "$unit" EnvironmentFile | sed 's/^-//')
  # A unit says $$ and %% for $ and %.
  command=$(line "$unit" ExecStart | sed 's/\$\$/$/g; s/%%/%/g')
  echo "umask 077; exec $command" >"/mnt/$1.sh"
  # As systemd: only root has to read them.
  [ -z "$variables" ] || { set -a; . "$variables"; set +a; }
  if grep -q '^Type=\(oneshot\|forking\)' "$unit"; then
    runuser -u "$user" -- sh "/mnt/$1.sh" >"/mnt/$1.log" 2>&1
    pidfile=$(line "$unit" PIDFile)
    [ -z "$pidfile" ] || cp "$pidfile" "/mnt/$1.pid"
  else
    runuser -u "$user" -- sh "/mnt/$1.sh" >"/mnt/$1.log" 2>&1 &
    # As systemd: whether it is up yet nobody waits for.
    echo $! >"/mnt/$1.pid"
  fi
}

stop() {
  pid=$(cat "/mnt/$1.pid")
  # runuser passes it on, and ends when what it runs has.
  kill "$pid"
  tries=0
  while kill -0 "$pid" 2>/dev/null && [ $tries -lt 200 ]; do sleep 0.05; tries=$((tries + 1)); done
}

case $(basename "$0") in
  git)
    [ "$1" = clone ] || exit 0
    for target; do :; done
    mkdir -p "$target"
    (cd "$root" && /usr/bin/git ls-files -z --cached --others --exclude-standard | tar --null -T - -c) | tar -x -C "$target"
    ;;
  npm)
    case $* in
      'run setup') [ -d node_modules ] || { mkdir node_modules && mount --bind "$root/node_modules" node_modules; } ;;
      'run build') [ -e dist/phone/index.html ] || PATH=$REAL_PATH npm "$@" ;;
      *) PATH=$REAL_PATH npm "$@" ;;
    esac
    ;;
  certbot)
    live=/etc/letsencrypt/live/id.example.org
    if [ "$1" = renew ]; then
      cp "$live/renewed.pem" "$live/fullchain.pem"
      cp "$live/renewed.key" "$live/privkey.pem"
      sh -c "$(cat /mnt/deploy-hook)"
    else
      hook=
      while [ $# -gt 0 ]; do
        [ "$1" = --deploy-hook ] && hook=$2
        shift
      done
      echo "$hook" >/mnt/deploy-hook
    fi
    ;;
  systemctl)
    verb=$1
    for name; do :; done
    case $name in *.timer) exit 0 ;; esac
    case $verb in
      enable | start) start "$name" ;;
      stop) stop "$name" ;;
      restart) stop "$name"; start "$name" ;;
      daemon-reload) ;;
      reload)
        if [ "$name" = caddy ]; then
          printf '{\n\tlocal_certs\n\tskip_install_trust\n}\n' | cat - /etc/caddy/Caddyfile >/mnt/Caddyfile
          cp /mnt/Caddyfile /etc/caddy/Caddyfile
        fi
        # As systemd: what runs is told, and goes on.
        if [ -e "/mnt/$name.pid" ] && [ "$name" != caddy ]; then sh -c "$(line "/lib/systemd/system/$name.service" ExecReload)"; else start "$name"; fi
        authority=$HOME/.local/share/caddy/pki/authorities/local/root.crt
        tries=0
        while [ "$name" = caddy ] && [ ! -s "$authority" ] && [ $tries -lt 200 ]; do sleep 0.05; tries=$((tries + 1)); done
        [ "$name" != caddy ] || cat "$authority" >>/etc/house-ca.pem
        ;;
      *) echo "systemctl $verb is not played" >&2; exit 1 ;;
    esac
    ;;
esac
