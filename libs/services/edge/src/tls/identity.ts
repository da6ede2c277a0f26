import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { readPrivateFile, readSmallFile } from '@keyledger/durable-files';
import { ConfigError, type Config } from '../settings/config.js';
import { textIn } from '../settings/file-text.js';

/** Where the doors have their certificate, its key and the authorities of callers; null where these need none. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  readonly clientCa: string | null;
}

/** What the doors prove themselves with, and whom they let in. */
export interface Identity {
  readonly context: SecureContextOptions;
  readonly subject: string;
  /** Names and addresses that callers may use. */
  readonly names: string;
  readonly validUntil: Date;
}

const CERT = 'KEYLEDGER_TLS_CERT_FILE';
const KEY = 'KEYLEDGER_TLS_KEY_FILE';
const CLIENT_CA = 'KEYLEDGER_TLS_CLIENT_CA_FILE';

const mistake = (text: string): ConfigError => new ConfigError([text]);

/** Undefined where the doors speak plain text. */
export const tlsFilesOf = ({ tlsCertFile: cert, tlsKeyFile: key, tlsClientCaFile }: Config): TlsFiles | undefined =>
  cert === null || key === null ? undefined : { cert, key, clientCa: tlsClientCaFile };

const textOf = (setting: string, path: string, read: (path: string) => string | null): string => {
  const found = textIn(path, read);
  if ('mistake' in found) throw mistake(`${setting} ${found.mistake}`);
  return found.text;
};

const PEM = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** All that are in the file: of one that is half written OpenSSL would take what is there. */
const certificatesIn = (setting: string, path: string): readonly X509Certificate[] => {
  const text = textOf(setting, path, readSmallFile);
  const blocks = text.match(PEM) ?? [];
  try {
    if (blocks.length > 0 && blocks.length === text.split('-----BEGIN').length - 1) {
      return blocks.map((block) => new X509Certificate(block));
    }
  } catch {
    // Told below, in one line.
  }
  throw mistake(`${setting} must name a file of certificates in PEM, each of them whole, and of no key`);
};

const keyIn = (path: string): KeyObject => {
  const text = textOf(KEY, path, readPrivateFile);
  try {
    return createPrivateKey(text);
  } catch {
    // What Node says of a bad key may quote it.
    throw mistake(`${KEY} must name a file with a private key in PEM that no passphrase protects`);
  }
};

const requireValidNow = ({ validFrom, validTo }: X509Certificate): void => {
  const now = Date.now();
  if (now >= Date.parse(validTo)) throw mistake(`${CERT} must name a certificate that is valid: it ended ${validTo}`);
  if (now >= Date.parse(validFrom)) return;
  throw mistake(`${CERT} must name a certificate that is valid: it begins ${validFrom}`);
};

const contextOf = (chain: readonly X509Certificate[], key: KeyObject, files: TlsFiles): SecureContextOptions => {
  const context: SecureContextOptions = {
    minVersion: 'TLSv1.2',
    cert: chain.map(String).join(''),
    key: key.export({ type: 'pkcs8', format: 'pem' }),
    // Never empty: Node would take the authorities that it knows, which anyone can have a certificate of.
    ...(files.clientCa === null ? {} : { ca: certificatesIn(CLIENT_CA, files.clientCa).map(String) }),
  };
  try {
    createSecureContext(context);
  } catch (error) {
    throw mistake(`${CERT} and ${KEY} cannot be used: ${error instanceof Error ? error.message : String(error)}`);
  }
  return context;
};

/** Reads and checks the files. Throws a ConfigError of one line where they are not to be used together now. */
export const readIdentity = (files: TlsFiles): Identity => {
  const chain = certificatesIn(CERT, files.cert);
  const [own] = chain as [X509Certificate];
  requireValidNow(own);
  const key = keyIn(files.key);
  if (!own.checkPrivateKey(key)) throw mistake(`${KEY} must name the key of the first certificate in ${CERT}`);
  return {
    context: contextOf(chain, key, files),
    subject: own.subject.replaceAll('\n', ', '),
    names: own.subjectAltName ?? '',
    validUntil: new Date(own.validTo),
  };
};

/** Throws a ConfigError where the settings name files that the doors cannot use, before anything else is begun. */
export const requireUsableFiles = (config: Config): void => {
  const files = tlsFilesOf(config);
  if (files !== undefined) readIdentity(files);
};
