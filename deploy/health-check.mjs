/**
 * Asks the service in this container: `node deploy/health-check.mjs live` or `… ready`. Prints its answer, and ends with
 * 0 only if it says 200. So the image needs neither a shell nor curl.
 */
const [probe = 'live'] = process.argv.slice(2);
const { KEYLEDGER_HOST = '', KEYLEDGER_HTTP_PORT } = process.env;
const everywhere = ['', '0.0.0.0', '::'].includes(KEYLEDGER_HOST);
const address = KEYLEDGER_HOST.includes(':') ? `[${KEYLEDGER_HOST}]` : KEYLEDGER_HOST;
const host = everywhere ? 'localhost' : address;

try {
  const url = `http://${host}:${KEYLEDGER_HTTP_PORT || '3000'}/health/${probe}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(4_000) });
  console.log(await response.text());
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  console.log(`${probe}: ${error.cause?.message ?? error.message}`);
  process.exitCode = 1;
}
