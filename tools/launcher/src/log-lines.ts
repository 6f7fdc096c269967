const ERROR_LEVEL = 50;

/** The message of a structured log line that tells of an error; undefined for every other line. */
export function errorOfLogLine(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const entry = JSON.parse(line) as { level?: unknown; msg?: unknown; err?: { message?: unknown } };
    if (typeof entry.level !== 'number' || entry.level < ERROR_LEVEL) return undefined;
    const parts = [entry.msg, entry.err?.message].filter((part) => typeof part === 'string' && part !== '');
    return [...new Set(parts)].join(': ') || 'an error without a message';
  } catch {
    return undefined;
  }
}

/**
 * Shows errors of the services to the person at the terminal: each message once in a while, and not many at a time, for
 * a database that is away makes everybody complain at once. The log files have them all.
 */
export function createErrorNotices({
  report,
  now = Date.now,
  quietMs = 30_000,
  burst = 5,
}: {
  report: (line: string) => void;
  now?: () => number;
  quietMs?: number;
  burst?: number;
}) {
  const lastShown = new Map<string, number>();
  let windowStart = 0;
  let shown = 0;
  return (service: string, line: string): void => {
    const message = errorOfLogLine(line);
    if (message === undefined) return;
    const time = now();
    if (time - windowStart > quietMs) {
      windowStart = time;
      shown = 0;
      lastShown.clear();
    }
    const key = `${service}\0${message}`;
    if (lastShown.has(key) || shown >= burst) return;
    lastShown.set(key, time);
    shown += 1;
    report(`! ${service}: ${message.length > 200 ? `${message.slice(0, 200)}…` : message}`);
  };
}
