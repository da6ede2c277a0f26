import { resolve } from 'node:path';
import type { serverSettings } from './server-settings.js';
import { optional, trueOrFalse, type Need, type Rule, type Setting, type ValuesOf } from './setting.js';
import { isLoopback } from './trustworthy-url.js';

const file = optional((text: string): string => resolve(text));

/** How the doors are kept from listeners on the way. */
export const tlsSettings = {
  tlsCertFile: {
    name: 'KEYLEDGER_TLS_CERT_FILE',
    default: '',
    description: 'File with the certificate of both doors, and those between it and its authority (PEM). Turns TLS on.',
    expected: 'a file',
    read: file,
  },
  tlsKeyFile: {
    name: 'KEYLEDGER_TLS_KEY_FILE',
    default: '',
    description: 'File with the private key of that certificate (PEM), closed to other users.',
    expected: 'a file',
    read: file,
  },
  tlsClientCaFile: {
    name: 'KEYLEDGER_TLS_CLIENT_CA_FILE',
    default: '',
    description: 'File with authorities (PEM): every caller then needs a certificate of one of them, at both doors.',
    expected: 'a file',
    read: file,
  },
  plaintext: {
    name: 'KEYLEDGER_PLAINTEXT',
    default: 'false',
    description: 'With `true` the doors may do without TLS where others can reach them: behind a proxy that speaks it.',
    expected: 'true or false',
    read: trueOrFalse,
  },
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

type Values = ValuesOf<typeof tlsSettings & typeof serverSettings>;

const isOpenToOthers = ({ host, tlsCertFile, plaintext }: Partial<Values>): boolean =>
  host !== undefined && !isLoopback(host) && tlsCertFile === null && plaintext === false;

export const rulesOfTls = (values: Partial<Values>, needs: readonly Need[]): readonly Rule[] => {
  const { tlsCertFile: cert, tlsKeyFile: key, tlsClientCaFile: clientCa } = values;
  return [
    [key === null && cert !== null, 'KEYLEDGER_TLS_KEY_FILE must be set with KEYLEDGER_TLS_CERT_FILE'],
    [cert === null && key !== null, 'KEYLEDGER_TLS_CERT_FILE must be set with KEYLEDGER_TLS_KEY_FILE'],
    [
      cert === null && key === null && clientCa !== null,
      'KEYLEDGER_TLS_CLIENT_CA_FILE must be set with KEYLEDGER_TLS_CERT_FILE and KEYLEDGER_TLS_KEY_FILE',
    ],
    [
      needs.includes('doors') && key === null && isOpenToOthers(values),
      'KEYLEDGER_HOST must not let others in without TLS: set KEYLEDGER_TLS_CERT_FILE and KEYLEDGER_TLS_KEY_FILE, ' +
        'or KEYLEDGER_PLAINTEXT=true behind a proxy that speaks TLS',
    ],
  ];
};
