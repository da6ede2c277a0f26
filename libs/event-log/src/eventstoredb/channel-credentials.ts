import { CallCredentials, ChannelCredentials, type ChannelOptions } from '@grpc/grpc-js';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { isIP, type Socket } from 'node:net';
import { connect, createSecureContext, type PeerCertificate, type SecureContext } from 'node:tls';
import { EventStoreUrlError, type Endpoint, type EventStoreSettings } from './url.js';

type SecureConnector = ReturnType<ChannelCredentials['_createSecureConnector']>;
type Target = Parameters<ChannelCredentials['_createSecureConnector']>[0];

const ignore = (): void => undefined;

const requireAddress = (address: string, { raw }: PeerCertificate): Error | undefined =>
  new X509Certificate(raw).checkIP(address) === undefined
    ? new Error(`The address ${address} is not among the altnames of the certificate.`)
    : undefined;

/**
 * TLS to an IP address. TLS has no server name for one: grpc-js gives the address as the name, and from Node 26 on no
 * connection is made then. The address must be in the certificate all the same. OpenSSL looks for it: Node 22 by itself
 * finds no IPv6 address there.
 */
class AddressCredentials extends ChannelCredentials {
  readonly #context: SecureContext;
  readonly #address: string;

  constructor(context: SecureContext, address: string) {
    super();
    this.#context = context;
    this.#address = address;
  }

  override _isSecure(): boolean {
    return true;
  }

  override _equals(other: ChannelCredentials): boolean {
    return other === this;
  }

  override _createSecureConnector(
    _target: Target,
    _options: ChannelOptions,
    callCredentials = CallCredentials.createEmpty(),
  ): SecureConnector {
    return {
      connect: async (tcp: Socket) => {
        const options = { socket: tcp, host: this.#address, secureContext: this.#context, ALPNProtocols: ['h2'] };
        const socket = connect({ ...options, checkServerIdentity: requireAddress });
        socket.on('error', ignore); // It also rejects what waits, or ends the session.
        await once(socket, 'secureConnect');
        return { socket, secure: true };
      },
      waitForReady: () => Promise.resolve(),
      getCallCredentials: () => callCredentials,
      destroy: ignore,
    };
  }
}

const contentOf = (file: string | undefined): Buffer | null => {
  try {
    return file === undefined ? null : readFileSync(file);
  } catch {
    throw new EventStoreUrlError(`names the file ${file}, which cannot be read.`);
  }
};

/** How a channel to this node is secured. */
export const channelCredentials = (settings: EventStoreSettings, { address }: Endpoint): ChannelCredentials => {
  if (!settings.tls) return ChannelCredentials.createInsecure();
  const [ca, key, cert] = [settings.caFile, settings.keyFile, settings.certFile].map(contentOf);
  if (isIP(address) === 0) return ChannelCredentials.createSsl(ca, key, cert);
  const context = createSecureContext({ ca: ca ?? undefined, key: key ?? undefined, cert: cert ?? undefined });
  return new AddressCredentials(context, address);
};
