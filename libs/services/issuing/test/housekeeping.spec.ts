import type { SecretPlace } from '@keyledger/secrets';
import { Housekeeping } from '../src/housekeeping.js';
import { SALT_REFERENCE } from '../src/secret-generator.js';
import { Installation, withClock, type IssuingProcess } from './installation.js';

let installation: Installation;
let process: IssuingProcess;
let accountId: string;

beforeAll(async () => {
  installation = await Installation.open();
});

afterAll(() => installation.close());

beforeEach(async () => {
  process = installation.process();
  accountId = await installation.account();
});

const sweep = (binding = installation.binding()) =>
  new Housekeeping(process.streams, process.retained, process.prepared, binding).sweep(0, null);

const places = async (): Promise<readonly SecretPlace[]> => {
  const found: SecretPlace[] = [];
  for await (const page of process.retained.olderThan(0, 100)) {
    found.push(...page.filter((place) => place.accountId === accountId));
  }
  return found;
};

const enableApiAccess = async (): Promise<string> => {
  const { material } = process.generator.forApiAccess();
  const credentialId = 'cred_11111111-1111-4111-8111-111111111111';
  await process.retained.put(
    material.retained.map((place) => ({ accountId, credentialId, ...place, secret: material.shown[place.part] ?? '' })),
  );
  const { secret, maskedSalt: maskedPrivateSalt } = material;
  await process.run(accountId, { type: 'EnableApiAccess', credentialId, secret, maskedPrivateSalt });
  return credentialId;
};

describe('the sweep', () => {
  it('keeps what a credential needs', async () => {
    await process.issue(accountId);
    await enableApiAccess();
    const before = await places();
    expect(before).toHaveLength(3);
    await sweep();
    expect(await places()).toEqual(before);
  });

  it('destroys what was sealed for an append that never happened', async () => {
    await process.issue(accountId);
    const [kept] = await places();
    const credentialId = 'cred_22222222-2222-4222-8222-222222222222';
    const orphans = ['never-appended', SALT_REFERENCE].map((reference) => ({
      accountId,
      credentialId,
      part: 'secret',
      reference,
    }));
    await process.retained.put(orphans.map((place) => ({ ...place, secret: 'orphan' })));
    await sweep();
    expect(await places()).toEqual([kept]);
  });

  it('destroys the secret of a version that has ended, and keeps the salt', async () => {
    const credentialId = await enableApiAccess();
    const { material } = process.generator.forApiAccess();
    const reference = material.secret.digest.value;
    await process.retained.put([{ accountId, credentialId, part: 'authToken', reference, secret: 'next' }]);
    await process.run(accountId, { type: 'RefreshAuthToken', secret: material.secret });
    await sweep();
    expect(await places()).toHaveLength(3);
    await withClock(6, () => sweep());
    expect((await places()).map((place) => place.reference).sort()).toEqual([reference, SALT_REFERENCE].sort());
  });

  it('keeps the secret that a rotation may go back to by another clock', async () => {
    const { credentialId, secret } = await process.issue(accountId);
    await process.rotate(accountId, credentialId ?? '', undefined, 60);
    const before = await places();
    expect(before).toHaveLength(2);
    await withClock(3, () => sweep());
    await process.run(accountId, { type: 'CancelRotation', credentialId: credentialId ?? '' });
    const opened = await Promise.all(before.map((place) => process.retained.get(place)));
    expect(opened).toContain(secret['secret']);
  });

  it('destroys the secret of an overlap five minutes past its end, by the stream and by its own clock', async () => {
    const { credentialId } = await process.issue(accountId);
    await process.rotate(accountId, credentialId ?? '', undefined, 60);
    const write = () => process.run(accountId, { type: 'SuspendAccount' });
    await withClock(60, () => sweep());
    expect(await places()).toHaveLength(2);
    await withClock(5, write);
    await withClock(60, () => sweep());
    expect(await places()).toHaveLength(2);
    await process.run(accountId, { type: 'ResumeAccount' });
    await withClock(8, write);
    await withClock(3, () => sweep());
    expect(await places()).toHaveLength(2);
    await withClock(8, () => sweep());
    expect(await places()).toHaveLength(1);
  });

  it('destroys nothing for a process on another log, which cannot know what is needed', async () => {
    await process.issue(accountId);
    const before = await places();
    const orphan = { accountId, credentialId: 'cred_33333333-3333-4333-8333-333333333333', part: 'secret' };
    await process.retained.put([{ ...orphan, reference: 'unknown-here', secret: 'needed-elsewhere' }]);
    await sweep(installation.binding('0123456789abcdef'));
    expect(await places()).toHaveLength(before.length + 1);
    await sweep();
    expect(await places()).toEqual(before);
  });

  it('destroys nothing while an older log is in place, which does not know of what came after it', async () => {
    await sweep();
    const { rows } = await installation.pool.query<{ position: string }>(
      'select max(position) as position from event_log.events',
    );
    const backup = rows[0]?.position;
    await process.issue(accountId);
    await sweep();
    const before = await places();
    await installation.pool.query(`create table later as select * from event_log.events where position > ${backup}`);
    await installation.pool.query('delete from event_log.events where position > $1', [backup]);
    process = installation.process();
    await sweep();
    expect(await places()).toEqual(before);
    await installation.pool.query('insert into event_log.events select * from later');
    process = installation.process();
    await sweep();
    expect(await places()).toEqual(before);
  });

  it('destroys everything of a credential that is gone', async () => {
    await enableApiAccess();
    await process.run(accountId, { type: 'DisableApiAccess' });
    expect(await places()).toHaveLength(2);
    await sweep();
    expect(await places()).toEqual([]);
  });
});
