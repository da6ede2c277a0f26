import { matching, optional, trueOrFalse, type Setting } from './setting.js';

/** The web console, and how people sign in to it with an identity provider. */
export const consoleSettings = {
  console: {
    name: 'KEYLEDGER_CONSOLE',
    default: 'true',
    description: 'With `false` there is no web console at `/console`.',
    expected: 'true or false',
    read: trueOrFalse,
  },
  consoleClientId: {
    name: 'KEYLEDGER_CONSOLE_CLIENT_ID',
    default: '',
    description:
      'Client id of the console at `KEYLEDGER_OIDC_ISSUER`: a public client for authorization code with PKCE, whose ' +
      'redirect URI is `/console/signed-in` and whose URI after sign-out is `/console/`, both at this address.',
    expected: '1 to 255 visible ASCII characters',
    read: optional(matching(/^[!-~]{1,255}$/)),
  },
  consoleScope: {
    name: 'KEYLEDGER_CONSOLE_SCOPE',
    default: 'openid profile offline_access',
    description: 'Scopes that the console asks that issuer for. With `offline_access` a session is renewed by itself.',
    expected: 'names joined by spaces, `openid` among them',
    read: matching(/^(?=(.* )?openid( |$))[!-~]+( [!-~]+)*$/),
  },
} as const satisfies Readonly<Record<string, Setting<unknown>>>;
