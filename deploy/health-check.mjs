/**
 * Asks the service in this container: `node deploy/health-check.mjs live` or `… ready`. Prints its answer, and ends with
 * 0 only if it says 200. So the image needs neither a shell nor curl.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';

const [probe = 'live'] = process.argv.slice(2);
const { KEYLEDGER_HOST = '', KEYLEDGER_HTTP_PORT } = process.env;
const { KEYLEDGER_TLS_CERT_FILE, KEYLEDGER_TLS_KEY_FILE, KEYLEDGER_TLS_CLIENT_CA_FILE } = process.env;
const everywhere = ['', '0.0.0.0', '::'].includes(KEYLEDGER_HOST);
const host = everywhere ? 'localhost' : KEYLEDGER_HOST;

/**
 * The certificate is not for the name of this machine, and nobody but this machine answers. Where callers need one, the
 * service's own is shown: its authority has to be among those of the callers.
 */
const byTls = () => ({
  rejectUnauthorized: false,
  cert: readFileSync(KEYLEDGER_TLS_CERT_FILE),
  key: readFileSync(KEYLEDGER_TLS_KEY_FILE),
});

try {
  const target = { host, port: KEYLEDGER_HTTP_PORT || '3000', path: `/health/${probe}` };
  const request = KEYLEDGER_TLS_CERT_FILE ? https.get({ ...target, ...byTls() }) : http.get(target);
  request.setTimeout(4_000, () => request.destroy(new Error('no answer within 4 s')));
  const [response] = await once(request, 'response');
  console.log(await text(response));
  process.exitCode = response.statusCode === 200 ? 0 : 1;
} catch (error) {
  const hint = KEYLEDGER_TLS_CLIENT_CA_FILE
    ? '. KEYLEDGER_TLS_CLIENT_CA_FILE must fit the certificate of the service'
    : '';
  console.log(`${probe}: ${error.message || error.code}${hint}`);
  process.exitCode = 1;
}
