import type { sendUnaryData, ServerUnaryCall, UntypedServiceImplementation } from '@grpc/grpc-js';
import { answerWith, type CallKind } from './call-faults.js';
import type { NodeContext } from './node-context.js';
import { features, gossip, shared, uuidOf } from './protocol.js';

const STREAMS = 'event_store.client.streams.streams';

// What the server says it can do, with features of its methods.
const METHODS: readonly (readonly [service: string, method: string, features?: readonly string[]])[] = [
  [STREAMS, 'append'],
  [STREAMS, 'batchappend', ['deadline_duration']],
  [STREAMS, 'delete'],
  [STREAMS, 'read', ['position', 'events']],
  [STREAMS, 'tombstone'],
  ['event_store.client.gossip.gossip', 'read'],
  ['event_store.client.server_features.serverfeatures', 'getsupportedmethods'],
];

/** The service by which a client learns what the server can do. */
export function featuresService(context: NodeContext): UntypedServiceImplementation {
  return {
    getSupportedMethods: unary(context, 'features', () => {
      const supported = new features.SupportedMethods();
      supported.setEventStoreServerVersion(context.version);
      supported.setMethodsList(METHODS.map(([service, method, list]) => supportedMethod(service, method, list)));
      return supported;
    }),
  };
}

function supportedMethod(service: string, name: string, list: readonly string[] = []): features.SupportedMethod {
  const method = new features.SupportedMethod();
  method.setServiceName(service);
  method.setMethodName(name);
  method.setFeaturesList([...list]);
  return method;
}

/** The service by which a client finds the leader of a cluster. */
export function gossipService(context: NodeContext): UntypedServiceImplementation {
  return { read: unary(context, 'gossip', () => clusterInfo(context)) };
}

function clusterInfo(context: NodeContext): gossip.ClusterInfo {
  const { LEADER, FOLLOWER } = gossip.MemberInfo.VNodeState;
  const members = context.leadership.members().map(({ endpoint, isLeader, isAlive }) =>
    new gossip.MemberInfo()
      .setInstanceId(uuidOf(crypto.randomUUID()))
      .setTimeStamp(`${Date.now()}0000`)
      .setState(isLeader ? LEADER : FOLLOWER)
      .setIsAlive(isAlive)
      .setHttpEndPoint(new gossip.EndPoint().setAddress(endpoint.host).setPort(endpoint.port)),
  );
  return new gossip.ClusterInfo().setMembersList(members);
}

type UnaryCall = ServerUnaryCall<shared.Empty, unknown>;

function unary<Answer>(context: NodeContext, kind: CallKind, act: () => Answer) {
  return (call: UnaryCall, callback: sendUnaryData<Answer>): void =>
    void answerWith({
      fault: context.faults.next(kind),
      act,
      answer: (answer) => callback(null, answer),
      fail: (error) => callback(error),
      reset: () => context.resetPeer(call.getPeer()),
    });
}
