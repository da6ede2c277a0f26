import { randomInt } from 'node:crypto';
import { KafkaBroker, TcpProxy, TopicReader, type Audit } from '@keyledger/testing';
import fc from 'fast-check';
import { eventually } from '../harness/eventually.js';
import { freePort } from '../harness/free-port.js';
import type { KeyledgerProcess } from '../harness/keyledger-process.js';
import { eventsOfAccount, readLog } from '../harness/read-log.js';
import { healthOf, Installation } from './installation.js';
import { COMMANDS, KeyedWriter } from './keyed-writer.js';

const ROUNDS = Number(process.env['KEYLEDGER_TEST_PUBLISHER_KILLS'] ?? 5);
const seed = Number(process.env['KEYLEDGER_TEST_SEED'] ?? randomInt(2 ** 31));
const ACCOUNTS = 4;
const TOPIC = 'keyledger.credentials.v1';
const ROUND_MS = 120_000;

const port = await freePort();
const proxy = await TcpProxy.before(`tcp://127.0.0.1:${port}`);
/** Where clients reach the broker. */
const address = new URL(proxy.url).host;
const args = ['--port', `${port}`, '--advertised', address];
const broker = await KafkaBroker.startIfThere('a publisher that is killed, and its broker too', args);
const ifThere = broker === undefined ? it.skip : it;

let installation: Installation;
let publishers: readonly [KeyledgerProcess, KeyledgerProcess];
let writer: KeyedWriter;
const accounts: string[] = [];

beforeAll(async () => {
  if (broker === undefined) return;
  installation = await Installation.create();
  const command = await installation.start('command-service');
  const settings = { KAFKA_BROKERS: address, KAFKA_REPLICATION_FACTOR: '1' };
  publishers = await Promise.all([
    installation.start('event-publisher', settings),
    installation.start('event-publisher', settings),
  ]);
  writer = new KeyedWriter(command, installation.token);
  while (accounts.length < ACCOUNTS) accounts.push(await installation.newAccount(command));
});

afterAll(async () => {
  if (broker !== undefined) await installation.remove();
  await broker?.remove();
  await proxy.close();
});

interface Standing {
  readonly state: string;
  /** Of the last event published; empty where there is none. */
  readonly position: string;
}

const standingOf = async (publisher: KeyledgerProcess): Promise<Standing> => {
  const { body } = await healthOf(publisher);
  const { state, position } = body.details['publisher'] ?? {};
  return { state: String(state), position: typeof position === 'string' ? position : '' };
};

const isActive = ({ state }: Standing): boolean => ['catching-up', 'live', 'unavailable'].includes(state);

/** The one that publishes first, then the one that stands by. */
const byRole = (): Promise<readonly [KeyledgerProcess, KeyledgerProcess]> =>
  eventually(async () => {
    const [first, second] = publishers;
    const seen = [await standingOf(first), await standingOf(second)] as const;
    if (isActive(seen[0])) return { answer: [first, second], seen };
    return isActive(seen[1]) ? { answer: [second, first], seen } : { seen };
  });

const untilIn = (publisher: KeyledgerProcess, is: (standing: Standing) => boolean): Promise<Standing> =>
  eventually(async () => {
    const seen = await standingOf(publisher);
    return is(seen) ? { answer: seen, seen } : { seen };
  });

/** Whoever brings it there. */
const untilPublished = (position: string): Promise<Standing> =>
  untilIn(publishers[0], (standing) => standing.position >= position);

interface Fault {
  readonly name: string;
  /** Under way, what is to come after the kill. */
  begin(kafka: KafkaBroker, active: KeyledgerProcess): Promise<() => Promise<void> | void>;
}

const nothing = (): void => undefined;

/** What else happens while no reply of the broker comes through. */
const faults: readonly Fault[] = [
  { name: 'no more', begin: () => Promise.resolve(nothing) },
  {
    name: 'the publisher has given up',
    begin: async (_, active) => {
      await untilIn(active, ({ state }) => state === 'unavailable' || state === 'standby');
      return nothing;
    },
  },
  {
    name: 'connections are cut',
    begin: () => {
      proxy.cut();
      return Promise.resolve(nothing);
    },
  },
  {
    name: 'the broker is frozen',
    begin: (kafka) => {
      kafka.freeze();
      return Promise.resolve(() => kafka.thaw());
    },
  },
  {
    name: 'the broker is killed',
    begin: (kafka) => {
      const restarted = kafka.restart();
      restarted.catch(nothing);
      return Promise.resolve(() => restarted);
    },
  },
];

interface Round {
  readonly fault: Fault;
  /** After how many commands the first reply is lost, and after how many more the publisher is killed. */
  readonly lostAfter: number;
  readonly killedAfter: number;
}

const moment = fc.integer({ min: 1, max: COMMANDS / 2 });

/** Each fault once in as many rounds, in an order and at moments that the seed decides. */
const planned = (): readonly Round[] => {
  const inTurn = fc.shuffledSubarray([...faults], { minLength: faults.length });
  const order = fc.sample(inTurn, { seed, numRuns: Math.ceil(ROUNDS / faults.length) }).flat();
  const moments = fc.sample(fc.record({ lostAfter: moment, killedAfter: moment }), { seed, numRuns: ROUNDS });
  return moments.flatMap((chosen, round) => {
    const fault = order[round];
    return fault === undefined ? [] : [{ fault, ...chosen }];
  });
};

const untilAcknowledged = (commands: number): Promise<number> =>
  eventually(() => {
    const seen = writer.acknowledged.length;
    return Promise.resolve(seen >= commands ? { answer: seen, seen } : { seen });
  });

/** Under load: replies are lost, something else happens, and the publisher is killed; the other one must take over. */
const playRound = async (kafka: KafkaBroker, { fault, lostAfter, killedAfter }: Round): Promise<void> => {
  const before = writer.acknowledged.length;
  await writer.writeWhile(accounts, lostAfter, async () => {
    proxy.behaviour = 'no-replies';
    const [active] = await byRole();
    const end = await fault.begin(kafka, active);
    await untilAcknowledged(before + lostAfter + killedAfter);
    const [victim, standby] = await byRole();
    await victim.kill();
    await untilIn(standby, isActive);
    proxy.behaviour = 'open';
    await end();
    await victim.start();
  });
  const positions = writer.acknowledged.map(({ position }) => position).sort();
  await untilPublished(positions.at(-1) ?? '');
};

/** What a consumer has, once it has as many events as the log, and what the log has. */
const compare = async (): Promise<{ readonly audit: Audit; readonly logged: ReadonlyMap<string, string[]> }> => {
  const log = await readLog(installation.settings);
  const logged = new Map(accounts.map((id) => [id, eventsOfAccount(log, id).map((event) => `evt_${event.id}`)]));
  const events = [...logged.values()].flat().length;
  const reader = await TopicReader.open(address, TOPIC);
  const audit = await eventually(() => {
    const seen = reader.audit();
    return Promise.resolve(seen.events >= events ? { answer: seen, seen: events } : { seen: [seen.events, events] });
  });
  await reader.remove();
  return { audit, logged };
};

ifThere(
  `brings every event to the topic, in order, whatever is killed (KEYLEDGER_TEST_SEED=${seed})`,
  async () => {
    if (broker === undefined) return;
    for (const round of planned()) await playRound(broker, round);
    const { audit, logged } = await compare();
    expect(audit.mistakes).toEqual([]);
    expect(audit.accounts).toEqual(logged);
    // Else no kill has met a request under way.
    expect(audit.repeats).toBeGreaterThan(0);
    console.log(
      `${ROUNDS} publishers killed, their replies lost: ${audit.events} events, ${audit.repeats} repeats, ` +
        `0 lost, 0 reordered (seed ${seed})`,
    );
  },
  ROUNDS * ROUND_MS + ROUND_MS,
);
