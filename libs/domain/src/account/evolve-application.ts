import type { AccountEvent, ApplicationEvent, ApplicationRegistered } from './account-events.js';
import type { Application } from './account-state.js';
import { applyChanges } from '../changes.js';

const registered = (event: ApplicationRegistered, revision: number): Application => ({
  applicationId: event.applicationId,
  title: event.title,
  description: event.description,
  endpointIds: event.endpointIds,
  createdAt: event.at,
  revision,
});

const isApplicationEvent = (event: AccountEvent): event is ApplicationEvent => event.type.startsWith('Application');

/** The id of the application whose resource `event` changes, if it changes one. */
export const applicationTouched = (event: AccountEvent): string | undefined =>
  isApplicationEvent(event) ? event.applicationId : undefined;

/**
 * One application after `event`, the account's event number `revision`; undefined before it is registered and after
 * it is deleted. Never throws: an event about something else changes nothing.
 */
export const evolveApplication = (
  application: Application | undefined,
  event: AccountEvent,
  revision: number,
): Application | undefined => {
  if (application === undefined) {
    return event.type === 'ApplicationRegistered' ? registered(event, revision) : undefined;
  }
  if (applicationTouched(event) !== application.applicationId) return application;
  switch (event.type) {
    case 'ApplicationChanged':
    case 'ApplicationEndpointsChanged':
      return { ...applyChanges(application, event.changes), revision };
    case 'ApplicationDeleted':
      return undefined;
    default:
      return application;
  }
};
