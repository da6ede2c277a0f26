import pg from 'pg';
import { newJourney, type Journey } from './harness/journey.js';
import { startKeyledger, type KeyledgerProcess } from './harness/keyledger-process.js';
import { openOwnStores, type OwnStores } from './harness/own-stores.js';
import { launchTool, type Settings } from './harness/program.js';
import { Visit } from './harness/shared-server.js';

describe.each(['postgres', 'eventstoredb'])(
  'tables of the trail from an older release, with the log on %s',
  (engine) => {
    let stores: OwnStores;
    let settings: Settings;
    let server: KeyledgerProcess;

    beforeAll(async () => {
      stores = await openOwnStores(engine);
      ({ settings } = stores);
      server = await startKeyledger(settings);
    });

    afterAll(async () => {
      await server.remove();
      await stores.close();
    });

    /** As version 2 of the projection had them. */
    const makeOld = async (): Promise<void> => {
      const client = new pg.Client({ connectionString: stores.database.url });
      await client.connect();
      await client.query(
        `drop table audit.reads, audit.key_pairs;
       alter table audit.entries drop column other_credential_id, drop column application_id,
         alter column changes type json using changes::json;
       update audit.checkpoint set projection_version = 2`,
      );
      await client.end();
    };

    const rebuild = async (): Promise<unknown> => {
      const { code, stdout, stderr } = await launchTool('rebuild', ['audit'], settings).exit;
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return JSON.parse(stdout);
    };

    const seenBy = async (journey: Journey, applicationId: string): Promise<readonly string[]> =>
      (await journey.trail({ applicationId })).map(({ action }) => action);

    it('are made anew by the start, and by a rebuild', async () => {
      const visit = new Visit(server);
      const journey = await newJourney(visit, visit.doors[0]);
      const asked = { title: 'Shop', endpointIds: [], generateKeys: { environment: 'production' } };
      const made = await journey.does<{ application: { applicationId: string } }>(
        'ApplicationService/RegisterApplication',
        asked,
      );
      const { applicationId } = made.application;
      const before = await seenBy(journey, applicationId);
      expect(before).toEqual(['ApplicationRegistered', 'CredentialCreated']);
      visit.close();
      await server.stop();
      await makeOld();
      expect(await rebuild()).toMatchObject({ liveHash: null, equal: null, logReplaced: false });
      await makeOld();
      await server.start();
      const again = new Visit(server);
      expect(await seenBy(journey.through(again.doors[0]), applicationId)).toEqual(before);
      expect(await rebuild()).toMatchObject({ equal: true, logReplaced: false });
      again.close();
    });
  },
);
