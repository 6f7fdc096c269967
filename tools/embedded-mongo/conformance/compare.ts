import { UUID, type Db, type MongoClient } from 'mongodb';
import type { ConformanceCase, Need } from './case.ts';
import { knownReason } from './known-differences.ts';
import { runCase } from './run-case.ts';

const COMMAND_NOT_FOUND = 59;

export interface CaseResult {
  readonly name: string;
  readonly outcome: 'same' | 'different' | 'known' | 'skipped';
  /** Why it was skipped, or may differ. */
  readonly reason?: string;
  /** The answers that differ, with the number of the command. */
  readonly differences?: readonly { readonly at: number; readonly reference: string; readonly subject: string }[];
}

export interface Comparison {
  readonly versions: { readonly reference: string; readonly subject: string };
  readonly results: readonly CaseResult[];
}

/** Runs the cases on both servers, each on fresh collections of a database of its own. */
export async function compareServers({
  reference,
  subject,
  cases,
}: {
  reference: MongoClient;
  subject: MongoClient;
  cases: readonly ConformanceCase[];
}): Promise<Comparison> {
  const versions = { reference: await versionOf(reference), subject: await versionOf(subject) };
  const lacking = await lackingIn(reference);
  const dbName = `mongo_diff_${process.pid}`;
  const results: CaseResult[] = [];
  try {
    for (const [at, item] of cases.entries()) {
      const missing = item.needs === undefined ? undefined : lacking.get(item.needs);
      if (missing !== undefined) {
        results.push({ name: item.name, outcome: 'skipped', reason: missing });
        continue;
      }
      const place = { db: dbName, collection: `c${at}` };
      const [a, b] = await Promise.all([answersOf(reference, item, place), answersOf(subject, item, place)]);
      results.push(judged(item.name, differencesOf(a, b), knownReason(item.name, versions.reference)));
    }
  } finally {
    await Promise.all([reference, subject].map((client) => client.db(dbName).dropDatabase()));
  }
  return { versions, results };
}

/** A server that breaks down under a case is an answer, too. */
const answersOf = (client: MongoClient, item: ConformanceCase, place: { db: string; collection: string }) =>
  runCase(client, item, place).catch((error: unknown): string[] => [`failed: ${String(error)}`]);

function differencesOf(a: readonly string[], b: readonly string[]): NonNullable<CaseResult['differences']> {
  const length = Math.max(a.length, b.length);
  return Array.from({ length }, (_, at) => ({ at, reference: a[at] ?? '', subject: b[at] ?? '' })).filter(
    (pair) => pair.reference !== pair.subject,
  );
}

function judged(
  name: string,
  differences: NonNullable<CaseResult['differences']>,
  reason: string | undefined,
): CaseResult {
  if (differences.length === 0) return { name, outcome: 'same' };
  if (reason !== undefined) return { name, outcome: 'known', reason, differences };
  return { name, outcome: 'different', differences };
}

async function versionOf(client: MongoClient): Promise<string> {
  return (await client.db('admin').command({ buildInfo: 1 }))['version'];
}

async function hasNo(admin: Db, command: string): Promise<boolean> {
  const code = await admin.command({ [command]: 'nothing' }).then(
    () => 0,
    (error: { code?: number }) => error.code,
  );
  return code === COMMAND_NOT_FOUND;
}

/** What the server does not have, with the reason that is told for skipping. */
async function lackingIn(client: MongoClient): Promise<ReadonlyMap<Need, string>> {
  const lacking = new Map<Need, string>();
  const admin = client.db('admin');
  const works = (command: object): Promise<boolean> =>
    admin.command(command).then(
      () => true,
      () => false,
    );
  if (!(await works({ ping: 1, lsid: { id: new UUID() } }))) lacking.set('sessions', 'the reference has no sessions');
  if (await hasNo(admin, 'collMod')) lacking.set('collMod', 'the reference has no collMod');
  // A round of the monitor every second instead of every minute.
  if (!(await works({ setParameter: 1, ttlMonitorSleepSecs: 1 })))
    lacking.set('ttl', 'the reference expires no documents');
  return lacking;
}
