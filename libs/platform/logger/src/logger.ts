import { pino } from 'pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';
import { CENSOR, redacted, SECRET_KEYS } from './redact.ts';

/** The part of pino that the rest of the code may use, so that tests can pass a small fake. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error' | 'child'>;

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/**
 * Creates the process logger: JSON lines with an ISO time, secrets and personal data redacted.
 * `destination` replaces stdout, for tests.
 */
export const createLogger = (options: { level: LogLevel; name: string; destination?: DestinationStream }): Logger => {
  const settings = {
    level: options.level,
    name: options.name,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { log: (facts: Record<string, unknown>) => redacted(facts) },
    // Errors are plain by then.
    serializers: { err: (error: unknown) => error },
    // What children are bound to goes past the formatter.
    redact: { paths: [...SECRET_KEYS].map((key) => `["${key}"]`), censor: CENSOR },
  };
  return options.destination ? pino(settings, options.destination) : pino(settings);
};

/** A logger that writes nothing. */
export const createSilentLogger = (): Logger => pino({ level: 'silent' });
