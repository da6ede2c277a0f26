import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { EventProducer } from '../src/event-producer.js';
import { openKafka } from '../src/kafka.js';

it.each([
  ['a frame of no length', Buffer.alloc(4)],
  ['a frame of a negative length', Buffer.from('ffffffff00000000', 'hex')],
  ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['bytes of any kind', Buffer.from(Array.from({ length: 65_536 }, (_, number) => (number * 7_919) % 256))],
])('takes %s for a broken connection, and lives', async (_, answer) => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).once('data', () => void socket.end(answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const config = {
    ...{ kafkaBrokers: [`127.0.0.1:${(server.address() as AddressInfo).port}`], kafkaTopic: 'topic' },
    ...{ kafkaPartitions: 1, kafkaReplication: 1, kafkaTls: false },
    ...{ kafkaSaslMechanism: null, kafkaSaslUsername: null, kafkaSaslPassword: null },
  };
  const kafka = openKafka(config, () => undefined);
  const producer = new EventProducer(kafka, config, () => undefined);
  await expect(producer.open()).rejects.toThrow(/Do KAFKA_BROKERS, KAFKA_TLS/);
  server.close();
});
