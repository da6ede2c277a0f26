import { exampleOf, publicEvents, type PublicEventName } from '@keyledger/contract';
import { CloudEvent, HTTP, Kafka, type KafkaMessage } from 'cloudevents';
import { toMessage } from '../src/kafka-message.js';

/** One event, whatever the SDK says of several in a message. */
const only = (read: unknown): CloudEvent<unknown> => {
  if (!(read instanceof CloudEvent)) throw new Error('This is not one event.');
  return read;
};

describe.each(Object.keys(publicEvents) as PublicEventName[])('the SDK of CloudEvents reads %s', (name) => {
  const event = exampleOf(name);

  it('from a message of Kafka', () => {
    const { key, value, headers } = toMessage(event);
    const message: KafkaMessage<string> = { key, value, headers, body: value };
    const read = only(Kafka.toEvent(message));
    expect([read.validate(), read.toJSON()]).toEqual([true, event]);
  });

  it('from one piece of JSON, as the feed sends it', () => {
    const headers = { 'content-type': 'application/cloudevents+json' };
    const read = only(HTTP.toEvent({ headers, body: JSON.stringify(event) }));
    expect([read.validate(), read.toJSON()]).toEqual([true, event]);
  });
});
