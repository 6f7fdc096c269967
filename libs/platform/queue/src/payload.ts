import type { JobDefinition } from './job.ts';

/** Where a payload's version stands among its fields; there from version 2 on. */
const VERSION = '$version';

const versionOf = (job: Pick<JobDefinition, 'version'>): number => job.version ?? 1;

/** What is stored for a parsed payload. */
export const sealPayload = (job: JobDefinition, payload: unknown): unknown =>
  versionOf(job) === 1 || typeof payload !== 'object' ? payload : { ...payload, [VERSION]: versionOf(job) };

export type OpenedPayload =
  | { kind: 'readable'; payload: unknown }
  /** Written by newer code. */
  | { kind: 'newer'; version: number }
  | { kind: 'poisoned'; problem: string };

/** Reads what was stored. A version that is no number is as wrong as a wrong payload. */
export const openPayload = (job: JobDefinition, stored: unknown): OpenedPayload => {
  let fields = stored;
  if (typeof stored === 'object' && stored !== null && VERSION in stored) {
    const { [VERSION]: version, ...rest } = stored;
    if (!Number.isSafeInteger(version)) return { kind: 'poisoned', problem: 'its version is no number' };
    if (Number(version) > versionOf(job)) return { kind: 'newer', version: Number(version) };
    fields = rest;
  }
  const parsed = job.payload.safeParse(fields);
  return parsed.success
    ? { kind: 'readable', payload: parsed.data }
    : { kind: 'poisoned', problem: parsed.error.message };
};
