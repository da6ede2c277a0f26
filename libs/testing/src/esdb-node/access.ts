import type { Metadata } from '@grpc/grpc-js';
import { accessDenied, unauthenticated } from './errors.js';
import type { LogStore } from './log-store.js';

interface User {
  readonly name: string;
  readonly password: string;
  readonly isAdmin: boolean;
}

/** Who may do what on a node with TLS. A node without it asks nobody for anything, whatever credentials a call has. */
export class Access {
  readonly #store: LogStore;
  readonly #users = new Map<string, User>();
  readonly #open: boolean;

  /** Without a password for `admin` the node is open. */
  constructor(store: LogStore, adminPassword: string | undefined) {
    this.#store = store;
    this.#open = adminPassword === undefined;
    if (adminPassword !== undefined)
      this.#users.set('admin', { name: 'admin', password: adminPassword, isAdmin: true });
  }

  /** A user without any grant but those that everyone has. */
  addUser(name: string, password: string): void {
    this.#users.set(name, { name, password, isAdmin: false });
  }

  /** Throws unless the caller may write to the stream. */
  checkWrite(metadata: Metadata, streamId: string): void {
    this.#checkStream(metadata, streamId);
  }

  /** Throws unless the caller may read the stream, or `$all`. */
  checkRead(metadata: Metadata, streamId: string): void {
    if (streamId !== '$all') return this.#checkStream(metadata, streamId);
    const user = this.#userOf(metadata);
    if (!user || user.isAdmin || this.#readersOfAll().includes(user.name)) return;
    throw accessDenied();
  }

  #checkStream(metadata: Metadata, streamId: string): void {
    const user = this.#userOf(metadata);
    if (user && !user.isAdmin && streamId.startsWith('$')) throw accessDenied();
  }

  /** Null on an open node. */
  #userOf(metadata: Metadata): User | null {
    if (this.#open) return null;
    const [authorization] = metadata.get('authorization');
    if (!authorization) throw accessDenied();
    const [name = '', password] = Buffer.from(String(authorization).replace(/^Basic /, ''), 'base64')
      .toString('utf8')
      .split(':');
    const user = this.#users.get(name);
    if (user?.password !== password || !user) throw unauthenticated();
    return user;
  }

  /** The read grants of `$all` lie in its metadata stream and count from the moment they are written. */
  #readersOfAll(): readonly string[] {
    const metadata = this.#store.stream('$$$all').at(-1);
    if (!metadata) return [];
    const { $acl } = JSON.parse(Buffer.from(metadata.data).toString('utf8')) as { $acl?: { $r?: string | string[] } };
    return [$acl?.$r ?? []].flat();
  }
}
