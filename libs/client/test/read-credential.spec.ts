import { readCredential, statusOf, type VerdictCode } from '../src/index.js';

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('readCredential', () => {
  it.each([
    ['X-Auth-Token', { 'x-auth-token': 'kat_1' }, { credential: 'kat_1' }],
    ['X-Api-Key', { 'x-api-key': 'key_1' }, { credential: 'key_1' }],
    ['a pair', { 'x-shared-key': 'kps_1', 'x-secret-key': 'kpk_1' }, { sharedKey: 'kps_1', secretKey: 'kpk_1' }],
    ['Bearer', { authorization: 'Bearer key_1' }, { credential: 'key_1' }],
    ['bearer in any case', { authorization: 'bEARER key_1' }, { credential: 'key_1' }],
    ['Basic', { authorization: basic('kci_1:kcs_1') }, { credential: 'kci_1:kcs_1' }],
    ['names in any case', { 'X-API-KEY': 'key_1' }, { credential: 'key_1' }],
    ['one among other headers', { host: 'localhost', constructor: 'x', 'x-api-key': 'key_1' }, { credential: 'key_1' }],
    ['white space, which stays', { 'x-api-key': ' key_1' }, { credential: ' key_1' }],
    ['Bearer and several spaces', { authorization: 'Bearer  key_1' }, { credential: 'key_1' }],
    ['a list of one', { 'x-api-key': ['key_1'] }, { credential: 'key_1' }],
  ])('reads %s', (_, headers, presented) => {
    expect(readCredential(headers)).toEqual(presented);
    const pairs = Object.entries(headers).map(([name, value]): [string, string] => [name, [value].flat().join()]);
    expect(readCredential(pairs)).toEqual(presented);
    expect(readCredential(new Map(pairs))).toEqual(presented);
    expect(readCredential(pairs.flat())).toEqual(presented);
  });

  it('reads what the Fetch standard has', () => {
    expect(readCredential(new Headers({ 'X-Api-Key': 'key_1' }))).toEqual({ credential: 'key_1' });
  });

  // Each of them is MALFORMED, because no credential has such a form.
  it.each([
    ['none', {}, {}],
    ['a scheme of others', { authorization: 'Digest key_1' }, { credential: '' }],
    ['one beside a scheme of others', { authorization: 'Digest x', 'x-api-key': 'key_1' }, {}],
    ['no scheme', { authorization: 'key_1' }, { credential: '' }],
    ['two words after Bearer', { authorization: 'Bearer key_1 key_1' }, { credential: '' }],
    ['a pair as a key', { 'x-api-key': 'kci_1:kcs_1' }, { credential: '' }],
    ['a pair as Bearer', { authorization: 'Bearer kci_1:kcs_1' }, { credential: '' }],
    ['two headers', { 'x-api-key': 'key_1', 'x-auth-token': 'kat_1' }, {}],
    ['the same in two headers', { 'x-api-key': 'key_1', authorization: 'Bearer key_1' }, {}],
    ['a header twice', { 'x-api-key': ['key_1', 'key_1'] }, {}],
    ['a header in two writings', { 'x-api-key': 'key_1', 'X-Api-Key': 'key_2' }, {}],
    ['a pair and a key', { 'x-shared-key': 'kps_1', 'x-secret-key': 'kpk_1', 'x-api-key': 'key_1' }, {}],
    ['half of a pair and a key', { 'x-shared-key': 'kps_1', 'x-api-key': 'key_1' }, {}],
    ['half of a pair twice', { 'x-shared-key': ['kps_1', 'kps_1'] }, {}],
    ['an empty one beside another', { 'x-api-key': '', authorization: 'Bearer key_1' }, {}],
    ['half of a pair', { 'x-shared-key': 'kps_1' }, { sharedKey: 'kps_1' }],
    ['the other half', { 'x-secret-key': 'kpk_1' }, { secretKey: 'kpk_1' }],
    ['an empty one', { 'x-api-key': '' }, { credential: '' }],
    ['Bearer alone', { authorization: 'Bearer' }, { credential: '' }],
    ['Basic alone', { authorization: 'Basic' }, { credential: '' }],
    ['Basic without a colon', { authorization: basic('key_1') }, { credential: '' }],
    ['Basic without its padding', { authorization: basic('kci_1:kcs_1').replace('=', '') }, { credential: '' }],
    ['Basic with too much padding', { authorization: `${basic('kci_1:kcs_1')}====` }, { credential: '' }],
    ['Basic with signs of no base64', { authorization: `${basic('kci_1:kcs_1')}!!` }, { credential: '' }],
    ['Authorization twice', ['Authorization', 'Bearer key_1', 'host', 'x', 'authorization', 'Bearer key_1'], {}],
    ['a header twice in a list', ['x-api-key', 'key_1', 'x-api-key', 'key_2'], {}],
    ['a list of nothing', [], {}],
    ['Basic that is no base64', { authorization: 'Basic kci_1:kcs_1' }, { credential: '' }],
  ])('makes of %s what cannot be a credential', (_, headers, presented) => {
    expect(readCredential(headers)).toEqual(presented);
  });
});

describe('statusOf', () => {
  it.each<[number, readonly VerdictCode[]]>([
    [200, ['VALID']],
    [401, ['MALFORMED', 'NOT_FOUND', 'API_DISABLED', 'REVOKED', 'SUSPENDED', 'EXPIRED']],
    [403, ['IP_NOT_ALLOWED', 'ENDPOINT_NOT_CONNECTED', 'INSUFFICIENT_SCOPE']],
    [503, ['STALE']],
  ])('is %d for %p', (status, codes) => {
    expect(codes.map(statusOf)).toEqual(codes.map(() => status));
  });
});
