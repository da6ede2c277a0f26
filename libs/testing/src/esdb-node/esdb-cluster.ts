import { EsdbNode } from './esdb-node.js';
import type { Endpoint, Leadership, Member } from './leadership.js';
import { LogStore } from './log-store.js';

export interface EsdbClusterOptions {
  /** Three unless given. */
  readonly nodes?: number;
  /** From the loss of a leader to the next one (1,000), in the first half unnoticed. With Infinity: when told. */
  readonly electionMs?: number;
  /** After so long a follower without a leader gives an append up (500). */
  readonly forwardingMs?: number;
}

/** Starts nodes that share one log; the first one leads. */
export async function startEsdbCluster(options: EsdbClusterOptions = {}): Promise<EsdbCluster> {
  const cluster = new EsdbCluster(options);
  await Promise.all(cluster.nodes.map((node) => node.start()));
  return cluster;
}

/** A cluster for tests. Its nodes replicate at once, so what leads to losses in a real one has to be asked for. */
export class EsdbCluster {
  readonly nodes: readonly EsdbNode[];
  readonly #electionMs: number;
  readonly #lost = new Set<EsdbNode>();
  readonly #store = new LogStore({ systemEventEvery: 50, commitGap: 0 });
  #leader: EsdbNode | undefined;
  #state: 'led' | 'unnoticed' | 'leaderless' = 'led';
  #timers: NodeJS.Timeout[] = [];

  constructor({ nodes = 3, electionMs = 1_000, forwardingMs = 500 }: EsdbClusterOptions) {
    this.#electionMs = electionMs;
    const leadership = (index: number): Leadership => this.#leadershipOf(() => this.nodes[index]);
    const create = (_: unknown, index: number): EsdbNode =>
      new EsdbNode({ store: this.#store, forwardingMs, leadership: () => leadership(index) });
    this.nodes = Array.from({ length: nodes }, create);
    this.#leader = this.nodes[0];
  }

  /** With all nodes, so a client finds the leader. */
  get url(): string {
    return `esdb://${this.nodes.map(({ host, port }) => `${host}:${port}`).join(',')}?tls=false`;
  }

  /** Null during an election. */
  get leader(): EsdbNode | null {
    return this.#state === 'led' ? (this.#leader ?? null) : null;
  }

  get followers(): readonly EsdbNode[] {
    return this.nodes.filter((node) => node !== this.#leader && !this.#lost.has(node));
  }

  /** Ends the leader as kill -9 does; another one leads after the election. Returns the one that ended. */
  killLeader(): EsdbNode {
    return this.#lose((leader) => leader.kill());
  }

  /** Freezes the leader; another one leads after the election. */
  freezeLeader(): EsdbNode {
    return this.#lose((leader) => leader.freeze());
  }

  /** The leader resigns and stays as a follower. */
  resignLeader(): EsdbNode {
    return this.#lose(() => undefined);
  }

  /** From now on the followers know that the leader is lost. */
  notice(): void {
    this.#state = 'leaderless';
  }

  /** Ends the election: the first node that is there leads. */
  elect(): void {
    const resigned = this.#leader;
    this.#leader = this.nodes.find((node) => !this.#lost.has(node));
    this.#state = 'led';
    this.#store.writeEpoch();
    if (resigned?.isListening) this.#lost.delete(resigned);
  }

  /** Brings a node back that was killed or frozen, as a follower. */
  async bringBack(node: EsdbNode): Promise<void> {
    node.thaw();
    await node.accept();
    this.#lost.delete(node);
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all(this.nodes.map((node) => node.stop()));
  }

  #lose(how: (leader: EsdbNode) => void): EsdbNode {
    const leader = this.#leader;
    if (this.#state !== 'led' || !leader) throw new Error('The cluster has no leader yet');
    this.#state = 'unnoticed';
    this.#lost.add(leader);
    how(leader);
    if (this.#electionMs === Infinity) return leader;
    const notice = setTimeout(() => this.notice(), this.#electionMs / 2);
    const elect = setTimeout(() => this.elect(), this.#electionMs);
    this.#timers = [notice, elect];
    return leader;
  }

  #leadershipOf(node: () => EsdbNode | undefined): Leadership {
    return {
      role: () => (this.#state !== 'led' ? 'leaderless' : node() === this.#leader ? 'leader' : 'follower'),
      leader: () => (this.#state === 'leaderless' ? null : endpointOf(this.#leader)),
      members: () => this.nodes.map((member) => this.#memberOf(member)),
    };
  }

  #memberOf(node: EsdbNode): Member {
    const isLeader = node === this.#leader && this.#state !== 'leaderless';
    const isNoticed = this.#state !== 'unnoticed';
    return { endpoint: endpointOf(node), isLeader, isAlive: !this.#lost.has(node) || (isLeader && !isNoticed) };
  }
}

const endpointOf = (node: EsdbNode | undefined): Endpoint => ({ host: node?.host ?? '', port: node?.port ?? 0 });
