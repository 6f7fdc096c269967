import { pino } from 'pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';

/** The part of pino that the rest of the code may use, so that tests can pass a small fake. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error' | 'child'>;

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** Keys whose values never reach a log line: credentials of all kinds and personal data. */
const SECRET_KEYS = [
  'password',
  'newPassword',
  'passwordHash',
  'token',
  'accessToken',
  'refreshToken',
  'cartToken',
  'orderToken',
  'secret',
  'authorization',
  'cookie',
  'email',
  'phone',
];

const redactedPaths = (): string[] =>
  SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`, `*.*.*.${key}`]).concat([
    'req.headers["x-cart-token"]',
    'req.headers["x-order-token"]',
    'headers["x-cart-token"]',
    'headers["x-order-token"]',
    'req.headers["stripe-signature"]',
  ]);

/**
 * Creates the process logger: JSON lines with an ISO time, secrets and personal data redacted.
 * `destination` replaces stdout, for tests.
 */
export const createLogger = (options: { level: LogLevel; name: string; destination?: DestinationStream }): Logger => {
  const settings = {
    level: options.level,
    name: options.name,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: redactedPaths(), censor: '[redacted]' },
  };
  return options.destination ? pino(settings, options.destination) : pino(settings);
};

/** A logger that writes nothing. */
export const createSilentLogger = (): Logger => pino({ level: 'silent' });
