import { parseEventStoreUrl } from '../src/eventstoredb/url.js';
import { checkVersion } from '../src/eventstoredb/version.js';

describe('EVENTSTOREDB_URL', () => {
  it('names one host, and TLS is wanted unless it says otherwise', () => {
    expect(parseEventStoreUrl('esdb://localhost')).toMatchObject({
      hosts: [{ address: 'localhost', port: 2113 }],
      credentials: null,
      tls: true,
    });
    expect(parseEventStoreUrl('esdb://localhost:1234/?tls=false')).toMatchObject({
      hosts: [{ address: 'localhost', port: 1234 }],
      tls: false,
    });
  });

  it('names the hosts of a cluster', () => {
    const hosts = [
      { address: 'a.example', port: 1 },
      { address: 'b.example', port: 2113 },
      { address: '10.0.0.3', port: 65535 },
    ];
    expect(parseEventStoreUrl('esdb://a.example:1,b.example,10.0.0.3:65535').hosts).toEqual(hosts);
    expect(parseEventStoreUrl('esdb+discover://a.example:1').hosts).toEqual(hosts.slice(0, 1));
  });

  it('names an IPv6 address in brackets', () => {
    const hosts = [
      { address: '::1', port: 2113 },
      { address: 'fd00::3', port: 1 },
    ];
    expect(parseEventStoreUrl('esdb://[::1],[fd00::3]:1?tls=false').hosts).toEqual(hosts);
  });

  it('may hold a user and a password, with escapes', () => {
    const { credentials } = parseEventStoreUrl('esdb://us%40er:p%3Aa:s%2Fs@localhost:2113?tls=true');
    expect(credentials).toEqual({ username: 'us@er', password: 'p:a:s/s' });
  });

  it('may hold options, in any spelling of their names that the client knows', () => {
    const options = 'tlsCAFile=%2Fca.crt&keep_alive_interval=20000&GossipTimeout=3&nodePreference=leader';
    expect(parseEventStoreUrl(`esdb://localhost?${options}&maxDiscoverAttempts=5`)).toMatchObject({
      caFile: '/ca.crt',
      keepAliveIntervalMs: 20_000,
      probeTimeoutMs: 3_000,
      unused: ['maxDiscoverAttempts'],
    });
  });

  it.each([
    ['', /esdb:\/\/host/],
    ['http://user:hunter2@localhost:2113', /esdb:\/\/host/],
    ['esdb://', /esdb:\/\/host/],
    ['esdb://user:hunter2@', /esdb:\/\/host/],
    ['esdb://hunter2@localhost', /user:password before the @/],
    ['esdb://user:hunter2@local host', /name:port/],
    ['esdb://user:hunter2@localhost:0', /from 1 to 65535/],
    ['esdb://user:hunter2@localhost:65536', /from 1 to 65535/],
    ['esdb://user:hunter2@localhost:21x3', /from 1 to 65535/],
    ['esdb://user:hunter2@localhost,', /name:port/],
    ['esdb://user:hunter2@::1:2113', /\[IPv6 address\]:port/],
    ['esdb://user:hunter2@[1::2::3]:2113', /\[IPv6 address\]:port/],
    ['esdb://user:hunter2@[localhost]:2113', /\[IPv6 address\]:port/],
    ['esdb://user:hunter2%@localhost', /%-escape in the password/],
    ['esdb://user:hunter2@localhost?tsl=false', /unknown option "tsl"/],
    ['esdb://user:ab?hunter2@localhost', /in a password write \? as %3F/],
    ['esdb://user:ab?tls=true&hunter2=@localhost', /in a password write \? as %3F/],
    ['esdb://user:hunter2@localhost?tls=no', /tls=true or tls=false/],
    ['esdb://user:hunter2@localhost?tlsVerifyCert=false', /tlsCAFile=/],
    ['esdb://user:hunter2@localhost?nodePreference=follower', /nodePreference=leader/],
    ['esdb://user:hunter2@localhost?keepAliveInterval=soon', /positive number for keepAliveInterval/],
    ['esdb://user:hunter2@localhost?userCertFile=a', /together/],
  ])('is refused with a clear line that never quotes the password: %s', (url, expected) => {
    const parse = (): unknown => parseEventStoreUrl(url);
    expect(parse).toThrow(/^EVENTSTOREDB_URL /);
    expect(parse).toThrow(expected);
    expect(parse).not.toThrow(/hunter2/);
  });
});

describe('The version of EventStoreDB', () => {
  it.each(['23.10.0', '23.10.6', '23.10.7-rc.1'])('may be %s', (version) => {
    expect(checkVersion(version)).toBeNull();
  });

  it.each(['20.10.5', '22.10.5', '23.9.9', '24.10.0', '24.10.4', '24.10.4-nightly', '25.0.0'])(
    'may not be %s',
    (version) => {
      expect(() => checkVersion(version)).toThrow(version);
    },
  );

  it.each(['24.2.0', '24.10.5', '25.0.1', '25.1.0-rc.1', '26.0.0'])('is warned of if it is %s', (version) => {
    expect(checkVersion(version)).toMatch(`${version} was never tried`);
  });

  it.each(['1.0.0', '0.0.0', 'unknown', ''])('is warned of if it is not known: "%s"', (version) => {
    expect(checkVersion(version)).toMatch(/23\.10 or later/);
  });
});
