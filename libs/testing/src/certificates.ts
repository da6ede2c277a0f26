import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Names and addresses of this machine. */
const HERE = 'DNS:localhost,IP:127.0.0.1,IP:::1';

interface Wish {
  /** As OpenSSL writes alternative names. */
  readonly names?: string;
  /** How long it is valid; where negative, it has ended when it is made. */
  readonly days?: number;
  /** As OpenSSL writes the purposes of a key. */
  readonly usage?: string;
}

/** The files of a certificate and its key. */
interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** An authority of certificates, with `ca.crt` and `ca.key` in a folder, which is made if it is not there. */
export class CertificateAuthority {
  private constructor(
    private readonly directory: string,
    /** File with the certificate of the authority. */
    readonly cert = join(directory, 'ca.crt'),
  ) {}

  static async make(directory: string): Promise<CertificateAuthority> {
    await mkdir(directory, { recursive: true });
    const authority = new CertificateAuthority(directory);
    const subject = ['-days', '30', '-subj', '/CN=Test authority'];
    const files = ['-keyout', authority.file('ca.key'), '-out', authority.cert];
    await run('openssl', ['req', '-x509', ...newKey, ...subject, ...files]);
    return authority;
  }

  /** An authority below this one, in a folder of its own. */
  async makeBelow(directory: string): Promise<CertificateAuthority> {
    await mkdir(directory, { recursive: true });
    const below = new CertificateAuthority(directory);
    await this.sign('Authority below', { cert: below.cert, key: below.file('ca.key') }, ['basicConstraints=CA:TRUE']);
    return below;
  }

  /** Makes `<name>.crt` and `<name>.key` beside the authority's own. */
  async issue(name: string, { names = HERE, days, usage }: Wish = {}): Promise<Pair> {
    const pair = { cert: this.file(`${name}.crt`), key: this.file(`${name}.key`) };
    const purpose = usage === undefined ? [] : [`extendedKeyUsage=${usage}`];
    await this.sign(name, pair, [`subjectAltName=${names}`, ...purpose], days);
    return pair;
  }

  private async sign(name: string, { cert, key }: Pair, extensions: readonly string[], days = 30): Promise<void> {
    await run('openssl', ['req', ...newKey, '-subj', `/CN=${name}`, '-keyout', key, '-out', `${cert}.csr`]);
    await writeFile(`${cert}.ext`, `${extensions.join('\n')}\n`);
    const signing = ['x509', '-req', '-days', String(days), '-in', `${cert}.csr`, '-extfile', `${cert}.ext`];
    const signer = ['-CA', this.cert, '-CAkey', this.file('ca.key'), '-CAcreateserial'];
    await run('openssl', [...signing, ...signer, '-out', cert]);
  }

  private file(name: string): string {
    return join(this.directory, name);
  }
}
