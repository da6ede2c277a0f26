import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { pino, stdSerializers, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import type { Config } from '../settings/config.js';
import { currentRequestIds } from './request-log.js';

/** Names under which a secret could lie. Nothing logs them: this is the second line of defence. */
const secretFields = ['password', 'secret', 'clientSecret', 'secretKey', 'authToken', 'privateSalt', 'key', 'token'];
const secretHeaders = ['authorization', 'x-auth-token', 'x-api-key', 'x-secret-key', 'idempotency-key', 'cookie'];

const redactedPaths = [...secretFields, ...secretHeaders]
  .map((name) => `["${name}"]`)
  .flatMap((path) => [path, `*${path}`, `*.*${path}`]);

/** Only these: other properties of an error may hold what was being written, as PostgreSQL's do. */
const errorFacts = (error: Error): object => {
  const { type, message, stack, code } = { code: undefined, ...stdSerializers.err(error) };
  return { type, message, code, stack };
};

/** JSON lines on standard output, or into `destination`. For code outside Nest's modules. */
export const logger = (config: Config, destination?: DestinationStream): Logger =>
  pino(
    {
      level: config.logLevel,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      mixin: () => ({ ...currentRequestIds() }),
      serializers: { err: errorFacts },
      redact: redactedPaths,
    },
    destination ?? pino.destination(1),
  );

/**
 * The logger of Nest's modules. Lines written while a request is served carry its ids and nothing else of it. The line
 * about the request itself is RequestLog's, which knows route and status at both doors.
 */
export const loggerModule = (config: Config, destination?: DestinationStream): DynamicModule =>
  LoggerModule.forRoot({
    pinoHttp: { logger: logger(config, destination), wrapSerializers: false },
    // No logger for each request: making one costs more than most requests. The mixin knows the ids.
    forRoutes: [],
  });
