import { callerOf, drained, invalid, messagesOf, Problem, type GrpcService } from '@keyledger/edge';
import { requireOneOf } from './caller.js';
import { presentFields, type CredentialFields } from './presented.js';
import { TokenLifetime } from './token-lifetime.js';
import { verdictBody } from './verdict-body.js';
import {
  explainers,
  MOST_SCOPES,
  verifiers,
  type Asked,
  type Explained,
  type Said,
  type Verification,
} from './verification.js';

/** As the loader makes it: what was not sent is null or left out. */
interface VerifyMessage extends CredentialFields {
  readonly ip?: string | null;
  readonly endpointId?: string | null;
  readonly endpoint?: { readonly method: string; readonly path: string } | null;
  readonly scopes: readonly string[];
  readonly minPosition?: string | null;
  readonly explain: boolean;
}

/** `place` is where the message stands in the request. A position in metadata is for all messages that bring none. */
const askedBy = (message: VerifyMessage, minPosition: string | null, place = ''): Asked => ({
  presented: presentFields(message),
  ip: message.ip ?? null,
  endpoint: message.endpointId ?? message.endpoint ?? null,
  scopes: message.scopes,
  minPosition: message.minPosition ?? minPosition,
  minPositionField: typeof message.minPosition === 'string' ? `${place}min_position` : 'minPosition',
});

/** What is null is left out when it becomes a message. */
const replyOf = (said: Said | Explained): object => {
  const expiresAt = said.facts?.expiresAt ?? null;
  return {
    rules: 'rules' in said ? said.rules : [],
    ...verdictBody(said),
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
  };
};

/** As HTTP does. */
const askedSoundly: typeof askedBy = (message, minPosition, place = '') => {
  if (message.scopes.length > MOST_SCOPES) throw invalid(`${place}scopes`, `must be at most ${MOST_SCOPES}`);
  return askedBy(message, minPosition, place);
};

const refuseExplain = ({ explain }: VerifyMessage): void => {
  if (explain) throw new Problem('invalid-request', 'explain is taken in Verify alone');
};

/** The doors over gRPC, straight on the server: past the pipes and guards of operations. */
export const verificationService = (verification: Verification): GrpcService => ({
  name: 'keyledger.v1.VerificationService',
  access: { allow: [...new Set([...verifiers, ...explainers])] },
  handlers: {
    Verify: async (call, arrival) => {
      const message = call.request as VerifyMessage;
      const caller = callerOf(arrival);
      requireOneOf(caller, message.explain ? explainers : verifiers);
      const asked = askedSoundly(message, arrival.header('min-position') ?? null);
      return replyOf(
        await (message.explain ? verification.explain(asked, caller) : verification.verify(asked, caller)),
      );
    },
    VerifyBatch: async (call, arrival) => {
      const { items } = call.request as { readonly items: readonly VerifyMessage[] };
      const caller = callerOf(arrival);
      requireOneOf(caller, verifiers);
      const minPosition = arrival.header('min-position') ?? null;
      items.forEach(refuseExplain);
      const said = await verification.verifyAll(
        items.map((item, index) => askedSoundly(item, minPosition, `items.${index}.`)),
        caller,
      );
      return { items: said.map(replyOf) };
    },
    VerifyStream: async (call, arrival) => {
      const caller = callerOf(arrival);
      requireOneOf(caller, verifiers);
      const lifetime = new TokenLifetime(caller);
      const messages = messagesOf<VerifyMessage>(call)[Symbol.asyncIterator]();
      try {
        for (;;) {
          const next = await lifetime.during(messages.next());
          if (next.done === true) return;
          refuseExplain(next.value);
          const reply = replyOf(await verification.verifyAmongOthers(askedSoundly(next.value, null), caller));
          if (!call.write(reply)) await lifetime.during(drained(call));
        }
      } finally {
        lifetime.forget();
      }
    },
  },
});
