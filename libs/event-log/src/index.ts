export * from './event-log.js';
export { comparePositions, isPositionOf, parsePosition, type ParsedPosition } from './positions.js';
export { openPostgresEventLog, type PostgresEventLogOptions } from './postgres-event-log.js';
