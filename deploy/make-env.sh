#!/bin/sh
# Makes .env with fresh secrets for docker-compose.yml. With `try`, tokens come from `deploy/try.yml` instead of an OIDC issuer.
set -eu
cd "$(dirname "$0")/.."
if [ -e .env ]; then
  echo 'There is a .env already. It holds your master key, so it is left as it is.' >&2
  exit 1
fi
umask 077
master_key=$(openssl rand -base64 32)
postgres_password=$(openssl rand -hex 24)
metrics_token=$(openssl rand -hex 24)
{
  sed -e "s|^KEYLEDGER_MASTER_KEY=\$|&$master_key|" \
    -e "s|^POSTGRES_PASSWORD=\$|&$postgres_password|" \
    -e "s|^KEYLEDGER_METRICS_TOKEN=\$|&$metrics_token|" deploy/.env.example
  if [ "${1:-}" = try ]; then printf '\nCOMPOSE_FILE=docker-compose.yml:deploy/try.yml\n'; fi
} > .env.new
mv .env.new .env
echo 'Made .env.'
