#!/bin/sh
# house.sh COMMAND…: runs a command in a network and a file tree of its own, which are gone with it: ports 80 and 443 are free there, what is
# written to /etc, /usr, /var, /opt and /run is seen by nobody else, and all traffic is on a loopback that leads nowhere. Three strangers'
# addresses (RFC 5737) are on it, and id.example.org is this computer. Debian's packages in .cache/proxies
# (scripts/setup.mjs) are unpacked there: they are installed nowhere, so no service of theirs is ever started.
set -e
if [ "$HOUSE" != inside ]; then
  HOUSE=inside
  export HOUSE
  exec unshare --net --mount --pid --fork --kill-child --mount-proc "$0" "$@"
fi
packages=$(cd "$(dirname "$0")/../.." && pwd)/.cache/proxies
ip link set lo up
for address in 198.51.100.7 203.0.113.9; do ip addr add "$address/32" dev lo; done
tree=/mnt
mount -t tmpfs house "$tree"
for folder in etc usr var opt; do
  mkdir -p "$tree/$folder" "$tree/work-$folder"
  mount -t overlay house -o "lowerdir=/$folder,upperdir=$tree/$folder,workdir=$tree/work-$folder" "/$folder"
done
mount -t tmpfs house /run
for package in "$packages"/*.deb; do
  [ ! -e "$package" ] || dpkg-deb --fsys-tarfile "$package" | tar -x -C / --keep-directory-symlink
done
echo '127.0.0.1 localhost id.example.org other.example' >/etc/hosts
# A certificate authority of its own, and the name's certificate where certbot would leave it.
live=/etc/letsencrypt/live/id.example.org
mkdir -p "$live"
cd "$live"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj '/CN=House' -keyout ca.key -out /etc/house-ca.pem 2>/dev/null
printf '[ca]\ndefault_ca=own\n[own]\ndatabase=index\nnew_certs_dir=.\ndefault_md=sha256\npolicy=any\nrand_serial=yes\n[any]\ncommonName=supplied\n' >own.cnf
touch index
# certificate NAME FROM UNTIL OF
certificate() {
  printf 'subjectAltName=DNS:%s' "$4" >names
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout "$1.key" -out request 2>/dev/null
  openssl ca -batch -notext -config own.cnf -in request -cert /etc/house-ca.pem -keyfile ca.key -extfile names -out "$1.pem" \
    -startdate "$(date -u -d "$2" +%Y%m%d%H%M%SZ)" -enddate "$(date -u -d "$3" +%Y%m%d%H%M%SZ)" 2>/dev/null
}
certificate fresh '-1 day' '+60 days' id.example.org
certificate stale '-87 days' '+3 days' id.example.org
certificate renewed '-1 hour' '+80 days' id.example.org
certificate other '-1 day' '+60 days' other.example
cp fresh.pem fullchain.pem
cp fresh.key privkey.pem
NODE_EXTRA_CA_CERTS=/etc/house-ca.pem
export NODE_EXTRA_CA_CERTS
cd - >/dev/null
"$@"
