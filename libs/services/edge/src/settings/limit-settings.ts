import type { Limit } from '../access/limits.js';
import type { Setting } from './setting.js';

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

const limit = (text: string): Limit | undefined => {
  if (text === 'off') return null;
  const [, requests, time, unit = ''] = /^([1-9]\d{0,8})\/([1-9]\d{0,3})([smh])$/.exec(text) ?? [];
  return requests === undefined
    ? undefined
    : { requests: Number(requests), seconds: Number(time) * (UNITS[unit] ?? 0) };
};

const limitSetting = (name: Setting<Limit>['name'], byDefault: string, description: string) =>
  ({
    name,
    default: byDefault,
    description,
    expected: 'a number of requests in a time, such as 600/1m or 50/10s, or off',
    read: limit,
  }) as const;

/** How much one caller may ask of a process. */
export const limitSettings = {
  limitFailedAuthentication: limitSetting(
    'KEYLEDGER_LIMIT_FAILED_AUTHENTICATION',
    '300/1m',
    'Requests of one address (IPv6: one /64) without a valid token, until it gets 429 for all but tokens that this ' +
      'process has verified before; `off` for no limit.',
  ),
  limitReads: limitSetting('KEYLEDGER_LIMIT_READS', '200000/10s', 'Reads of one principal; `off` for no limit.'),
  limitWrites: limitSetting('KEYLEDGER_LIMIT_WRITES', '100000/10s', 'Writes of one principal; `off` for no limit.'),
  limitAccountWrites: limitSetting(
    'KEYLEDGER_LIMIT_ACCOUNT_WRITES',
    '100000/10s',
    'Writes to one account, whoever makes them; `off` for no limit.',
  ),
  limitFailedVerdicts: limitSetting(
    'KEYLEDGER_LIMIT_FAILED_VERDICTS',
    '200/1m',
    'Refused credentials of one end client, by its address (IPv6: one /64), until it gets 429 for all; `off` for no ' +
      'limit. Requests that name no address are not counted.',
  ),
} as const satisfies Readonly<Record<string, Setting<unknown>>>;
