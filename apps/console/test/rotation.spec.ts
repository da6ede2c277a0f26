import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { describeInBrowser, type WatchedPage } from './harness/browser.js';
import type { Keyledger } from './harness/keyledger.js';
import { issueBy, saveSecret, traces, type Issued } from './harness/secrets.js';
import { visitPage } from './harness/visit.js';

interface Version {
  readonly version: number;
  readonly state: string;
  readonly validUntil: string | null;
  readonly lastUsedAt: string | null;
}

const AN_HOUR_S = 3_600;
const A_DAY_MS = 86_400_000;

describeInBrowser('a rotation', () => {
  let keyledger: Keyledger;
  let watched: WatchedPage;
  let page: Page;
  let accountId: string;
  let issued: Issued;
  const path = (): string => `/v1/accounts/${accountId}/credentials/${issued.credential.credentialId}`;
  const dialog = () => page.getByRole('dialog');
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const rotation = () => page.getByRole('region', { name: 'Rotation' });
  const version = (number: number) => page.getByRole('listitem').filter({ hasText: `Version ${number}` });
  const open = async (): Promise<void> => {
    await page.goto(`/console/accounts/${accountId}/credentials/${issued.credential.credentialId}`);
    await page.getByRole('heading', { name: 'Rotation' }).waitFor();
  };
  const rotate = (overlapSeconds = AN_HOUR_S): Promise<Issued> =>
    keyledger.call<Issued>('POST', `${path()}/rotate`, { overlapSeconds });
  const verdictOn = async (key = ''): Promise<string> =>
    (await keyledger.call<{ code: string }>('POST', '/v1/verify', { credential: key })).code;
  const versions = async (): Promise<readonly Version[]> =>
    (await keyledger.call<{ versions: Version[] }>('GET', path())).versions;
  /** Uses are stored some seconds later. */
  const isUseKnown = async (number: number): Promise<void> => {
    for (;;) {
      const used = (await versions()).find((each) => each.version === number);
      if (typeof used?.lastUsedAt === 'string') return;
      await delay(100);
    }
  };

  visitPage('api-keys', 'API keys', (visit) => ({ keyledger, watched, page, accountId } = visit));
  beforeEach(async () => {
    const body = { type: 'api_key', mode: 'test', name: 'nightly-export' };
    issued = await keyledger.call<Issued>('POST', `/v1/accounts/${accountId}/credentials`, body);
  });

  it('shows the same secret again after the tab was loaded anew, whatever was chosen', async () => {
    await open();
    await button('Rotate secret').click();
    await dialog().getByRole('radio').nth(1).check();
    const rotated = await issueBy(page, dialog().getByRole('button', { name: 'Rotate secret' }));
    page.once('dialog', (warning) => void warning.accept());
    await page.reload();
    await dialog().getByText('This was rotated a moment ago').waitFor();
    const again = await issueBy(page, dialog().getByRole('button', { name: 'Rotate secret' }));
    expect(again.secret).toEqual(rotated.secret);
    await saveSecret(page);
    expect(await versions()).toHaveLength(2);
  });

  it('says why a repeat shows no secret any more', async () => {
    await open();
    await page.route('**/rotate', async (route) => {
      const response = await route.fetch();
      const answer = (await response.json()) as object;
      await route.fulfill({ response, json: { ...answer, secret: { key: null }, secretUnavailable: 'expired' } });
    });
    await button('Rotate secret').click();
    await dialog().getByRole('button', { name: 'Rotate secret' }).click();
    await page.getByRole('heading', { name: 'The secret of “nightly-export” cannot be shown again' }).waitFor();
    await dialog().getByText('The ten minutes').waitFor();
    await dialog().getByRole('button', { name: 'Close' }).click();
    await dialog().waitFor({ state: 'detached' });
    await button('Finish rotation').waitFor();
  });

  it('is started with an overlap, watched, and finished once the old secret is quiet', async () => {
    await open();
    await button('Rotate secret').click();
    const next = await issueBy(page, dialog().getByRole('button', { name: 'Rotate secret' }));
    await saveSecret(page);
    expect(await traces(page)).not.toContain(next.secret['key']);
    await rotation().getByText('Neither secret was used since the rotation.').waitFor();
    expect(await version(2).innerText()).toMatch(/Current[^]*No end/);
    expect(await version(1).innerText()).toMatch(/Old, still valid[^]*Valid until/);

    expect(await verdictOn(issued.secret['key'])).toBe('VALID');
    await isUseKnown(1);
    await rotation().getByText('somebody still has it').waitFor();

    await rotation().getByRole('button', { name: 'Finish rotation' }).click();
    const asked = await dialog().innerText();
    expect(asked).toContain('Finish the rotation of “nightly-export”?');
    expect(asked).toMatch(/Old secret, last used: (just now|.* ago)/);
    expect(asked).toContain('New secret, last used: never');
    await dialog().getByRole('button', { name: 'Keep both' }).click();
    await dialog().waitFor({ state: 'detached' });
    await rotation().getByRole('button', { name: 'Finish rotation' }).click();
    await dialog().getByRole('button', { name: 'Finish rotation' }).click();
    await rotation()
      .getByText('The rotation is finished: the old secret has ended. Every verifier knows of it.')
      .waitFor();
    await rotation().getByText('Reached position').waitFor();
    await version(1).getByText('Ended', { exact: true }).first().waitFor();
    expect(await verdictOn(issued.secret['key'])).toBe('NOT_FOUND');
    expect(await verdictOn(next.secret['key'])).toBe('VALID');
  });

  it('is given more time, and no more than there may be', async () => {
    await rotate();
    await open();
    const before = Date.parse((await versions())[0]?.validUntil ?? '');
    await button('Change its end').click();
    await dialog().getByRole('button', { name: '1 day longer' }).click();
    await button('Change the end').click();
    await rotation().getByText('The end of the overlap is changed.').waitFor();
    const after = Date.parse((await versions())[0]?.validUntil ?? '');
    expect(Math.round((after - before) / A_DAY_MS)).toBe(1);
    await button('Change its end').click();
    await dialog().getByLabel('The old secret works until').fill('2051-05-20T12:00');
    await button('Change the end').click();
    await dialog().getByText('Must be within seven days of the rotation').waitFor();
    await dialog().getByLabel('The old secret works until').fill('2001-05-20T12:00');
    await button('Change the end').click();
    await dialog().getByText('Must be in the future').waitFor();
    await button('Leave as it is').click();
    await dialog().waitFor({ state: 'detached' });
  });

  it('is taken back', async () => {
    const next = await rotate();
    await open();
    await button('Cancel rotation').click();
    await dialog().getByText('The new secret stops working at once, everywhere').waitFor();
    await dialog().getByRole('button', { name: 'Cancel rotation' }).click();
    await rotation().getByText('The rotation is cancelled').waitFor();
    await version(2).getByText('Cancelled').waitFor();
    expect(await version(1).innerText()).toMatch(/Current[^]*No end/);
    expect(await verdictOn(next.secret['key'])).toBe('NOT_FOUND');
    expect(await verdictOn(issued.secret['key'])).toBe('VALID');
  });

  it('tells what somebody else has done meanwhile, and leads on', async () => {
    await rotate();
    await open();
    await button('Change its end').click();
    await dialog().getByRole('button', { name: '1 hour longer' }).click();
    await keyledger.call('PATCH', path(), { description: 'Exports at night' });
    await button('Change the end').click();
    await dialog()
      .getByText(/Last: .*by/)
      .waitFor();
    await dialog().getByRole('button', { name: 'Look again' }).click();
    await button('Change the end').click();
    await rotation().getByText('The end of the overlap is changed.').waitFor();

    await rotation().getByRole('button', { name: 'Finish rotation' }).click();
    await dialog().waitFor();
    await keyledger.call('DELETE', `${path()}/rotation`);
    await dialog().getByRole('button', { name: 'Finish rotation' }).click();
    await dialog().getByRole('button', { name: 'Look again' }).click();
    await dialog().waitFor({ state: 'detached' });
    await version(2).getByText('Cancelled').waitFor();
    expect(watched.complaints).toEqual([]);
  });

  it('is not begun anew before it has ended', async () => {
    await rotate();
    await open();
    await button('Actions for nightly-export').click();
    const item = page.getByRole('menuitem', { name: 'Rotate…' });
    expect(await item.isDisabled()).toBe(true);
    expect(await item.innerText()).toContain('Finish or cancel its rotation first.');
  });
});
