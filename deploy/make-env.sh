#!/bin/sh
# Makes .env for docker-compose.yml, and fresh secrets in the folder `secrets`.
#   sh deploy/make-env.sh [postgres] [try]   the log in PostgreSQL instead of EventStoreDB; tokens from the local issuer
#   sh deploy/make-env.sh upgrade            takes the secrets of an .env of an earlier version out of it
set -eu
cd "$(dirname "$0")/.."
umask 077

fail() {
  echo "$1" >&2
  exit 1
}

# What an .env of an earlier version says.
before() { sed -n "s/^$1=//p" .env | tail -n 1 | sed "s/^\([\"']\)\(.*\)\1\$/\2/"; }

engine=eventstoredb files=docker-compose.yml try='' upgrade=''
for word in "$@"; do
  case $word in
    postgres) engine=postgres ;;
    try) try=:deploy/try.yml ;;
    upgrade) upgrade=yes ;;
    *) fail "There is no $word here: sh deploy/make-env.sh [postgres] [try], or sh deploy/make-env.sh upgrade" ;;
  esac
done

if [ "$upgrade" ]; then
  [ -e .env ] || fail 'There is no .env to upgrade.'
  [ ! -e secrets ] || fail 'There is a folder secrets already. It holds your master key, so it is left as it is.'
  master_key=$(before KEYLEDGER_MASTER_KEY) postgres_password=$(before POSTGRES_PASSWORD)
  [ "$master_key" ] && [ "$postgres_password" ] || fail 'KEYLEDGER_MASTER_KEY or POSTGRES_PASSWORD is not in .env.'
  metrics_token=$(before KEYLEDGER_METRICS_TOKEN) eventstoredb_password=$(before EVENTSTOREDB_PASSWORD)
  said=$(before KEYLEDGER_EVENT_LOG)
  engine=${said:-$engine}
  case $(before COMPOSE_FILE) in *deploy/try.yml*) try=:deploy/try.yml ;; esac
  # One that has an address of its own is not run here.
  url=$(before EVENTSTOREDB_URL)
else
  [ ! -e .env ] && [ ! -e secrets ] || fail 'There is a .env or a folder secrets already. It holds your master key, so it is left as it is.'
  master_key=$(openssl rand -base64 32) postgres_password=$(openssl rand -hex 24)
  metrics_token='' eventstoredb_password='' url=''
fi
case $engine:$url in eventstoredb: | eventstoredb:*//eventstore:*) files=$files:deploy/eventstoredb.yml ;; esac

rm -rf secrets.new
mkdir secrets.new
printf '%s\n' "$master_key" > secrets.new/master-key
printf '%s\n' "$postgres_password" > secrets.new/postgres-password
printf '%s\n' "postgres://keyledger:$postgres_password@postgres:5432/keyledger" > secrets.new/database-url
printf '%s\n' "${metrics_token:-$(openssl rand -hex 24)}" > secrets.new/metrics-token
# Empty until EVENTSTOREDB_PASSWORD_FILE says that there is one.
printf '%s' "$eventstoredb_password" > secrets.new/eventstoredb-password
mkdir secrets.new/local-issuer

# Services that run as root could do more than they need.
user=$(id -u):$(id -g)
if [ "$(id -u)" = 0 ]; then
  user=10001:10001
  chown -R "$user" secrets.new
fi

if [ "$upgrade" ]; then
  # Whatever else it says goes on to be so.
  changed='COMPOSE_FILE|KEYLEDGER_EVENT_LOG|KEYLEDGER_MASTER_KEY|POSTGRES_PASSWORD|KEYLEDGER_METRICS_TOKEN|EVENTSTOREDB_PASSWORD'
  {
    printf '%s\n' "COMPOSE_FILE=$files$try" "SERVICE_USER=$user" "KEYLEDGER_EVENT_LOG=$engine"
    if [ "$eventstoredb_password" ]; then echo 'EVENTSTOREDB_PASSWORD_FILE=/run/secrets/eventstoredb-password'; fi
    grep -Ev "^#|^\$|^($changed)=" .env || true
  } > .env.new
  mv .env .env.before-upgrade
else
  sed -e "s|^COMPOSE_FILE=\$|&$files$try|; s|^SERVICE_USER=\$|&$user|; s|^KEYLEDGER_EVENT_LOG=\$|&$engine|" deploy/.env.example > .env.new
fi
mv secrets.new secrets
mv .env.new .env
echo "Made .env and the folder secrets${upgrade:+. The old one, with the secrets, is .env.before-upgrade: remove it when all works}."
