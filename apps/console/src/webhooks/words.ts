import type { Look } from '../common/mark.js';
import type { Delivery, MessageSummary, WebhookEndpoint } from './webhook-queries.js';

export type DeliveryState = Delivery['state'];

interface StateWords extends Look {
  readonly label: string;
  readonly meaning: string;
}

export const deliveryStates: Readonly<Record<DeliveryState, StateWords>> = {
  pending: { label: 'Pending', icon: 'clock', tone: 'quiet', meaning: 'An attempt is due, or comes later.' },
  delivered: { label: 'Delivered', icon: 'check', tone: 'good', meaning: 'The endpoint has taken it.' },
  failed: { label: 'Failed', icon: 'warning', tone: 'bad', meaning: 'All attempts have failed.' },
  held: { label: 'Held', icon: 'pause', tone: 'attention', meaning: 'The endpoint is off.' },
  cancelled: { label: 'Cancelled', icon: 'stop', tone: 'quiet', meaning: 'The endpoint was deleted before.' },
};

export const sources: Readonly<Record<MessageSummary['source'], string>> = {
  sent: 'Sent through the API',
  event: 'An event of the account',
  notice: 'A notice, as time passes',
  ping: 'A ping',
};

/** Who turned an endpoint off. */
export const disabledReasons: Readonly<Record<NonNullable<WebhookEndpoint['disabledReason']>, string>> = {
  requested: 'turned off by its owner',
  gone: 'it answered 410, gone',
  failing: 'five days went by without a success',
};

export const schemes: Readonly<Record<WebhookEndpoint['scheme'], string>> = {
  standard: 'Standard Webhooks',
  mac: 'mac',
};

/** What it asks for. */
export const typesInWords = ({ types }: Pick<WebhookEndpoint, 'types'>): string =>
  types.length === 0 ? 'Everything' : types.join(', ');

/** A number of things, as in "1 endpoint". */
export const counted = (count: number, noun: string, nouns = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : nouns}`;

/** About how long, in the largest unit that it is one of. */
export const aboutHowLong = (seconds: number): string => {
  if (seconds < 60) return counted(Math.floor(seconds), 'second');
  if (seconds < 3_600) return counted(Math.floor(seconds / 60), 'minute');
  return seconds < 172_800
    ? counted(Math.floor(seconds / 3_600), 'hour')
    : counted(Math.floor(seconds / 86_400), 'day');
};
