import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { TEST_PASSWORD, type HostProcess } from '@cartwright/testapp';
import type { Cartwright } from '@cartwright/sdk';
import type { Cluster } from './cluster.ts';
import type { OutboxRow } from './database.ts';

/** Commands are given up after five seconds, and a call needs one or two of them in turn. */
const ANSWER_MS = 12_000;
const LIVE_MS = 2_000;
/** When all is well again after the end, as promised. */
const BACK_MS = 10_000;
/** How long anybody looks on. */
const WATCHED_MS = 60_000;
/** Until the first commands have been given up, old connections still look good. */
const NOTICE_MS = 6_000;

interface Answer {
  status: number;
  ms: number;
  retryAfter: number | undefined;
  reason: string | undefined;
  text: string;
}

async function ask(url: string, headers: Record<string, string> = {}, withinMs = 30_000): Promise<Answer> {
  const startedAt = performance.now();
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(withinMs) });
    const text = await response.text();
    const retryAfter = response.headers.get('retry-after');
    return {
      status: response.status,
      ms: performance.now() - startedAt,
      retryAfter: retryAfter === null ? undefined : Number(retryAfter),
      reason: /"reason":"(\w+)"/.exec(text)?.[1],
      text,
    };
  } catch (error) {
    return { status: 0, ms: performance.now() - startedAt, retryAfter: undefined, reason: String(error), text: '' };
  }
}

const LIST = `/trpc/catalog.products.list?input=${encodeURIComponent('{"json":{}}')}`;

/** What must be so at any time while Redis is away; answers what was not. */
async function probe(api: HostProcess, token: string, noticed: boolean, partial: boolean): Promise<string[]> {
  const bearer = { authorization: `Bearer ${token}` };
  const [list, live, ready, me] = await Promise.all([
    ask(`${api.url}${LIST}`),
    ask(`${api.url}/health/live`),
    ask(`${api.url}/health/ready`),
    ask(`${api.url}/trpc/account.me`, bearer),
  ]);
  const problems: string[] = [];
  if (list.status !== 200) problems.push(`a public read was answered ${list.status} ${list.reason}`);
  if (live.status !== 200 || live.ms > LIVE_MS)
    problems.push(`liveness ${live.status} after ${Math.round(live.ms)} ms`);
  if (me.ms > ANSWER_MS) problems.push(`a call with a session took ${Math.round(me.ms)} ms`);
  const refusedWell = me.status === 503 && (me.retryAfter ?? 0) > 0;
  if (me.status !== 200 && !refusedWell)
    problems.push(`a call with a session was answered ${me.status} ${me.reason} (Retry-After ${me.retryAfter})`);
  if (noticed && !partial) {
    if (me.status === 200) problems.push('a call with a session was answered without a look at the session');
    if (ready.status !== 503 || !ready.text.includes('"redis":"unavailable"'))
      problems.push(`readiness says ${ready.status} ${ready.text}`);
  }
  return problems;
}

/**
 * Begins an outage, asks every API instance again and again while it lasts, ends it, and waits until all is well: sessions,
 * readiness, and an order that the workers see to.
 */
export async function watchOutage(
  cluster: Cluster,
  given: { begin: () => Promise<void>; end: () => Promise<void>; lastsMs: number; partial: boolean },
): Promise<{ problems: string[]; summary: string }> {
  const { shop } = cluster;
  const account = { email: `probe-${randomBytes(4).toString('hex')}@chaos.test`, password: TEST_PASSWORD };
  await shop.inside.services.accounts.createCustomer({ ...account, name: 'Probe' });
  const client = shop.client(undefined, { headers: { 'x-forwarded-for': '10.9.9.9' } });
  const { accessToken } = (await client.api.auth.login.mutate(account)) as { accessToken: string };

  await given.begin();
  const startedAt = performance.now();
  const problems = new Set<string>();
  let asked = 0;
  const away = (): number => performance.now() - startedAt;
  while (away() < given.lastsMs) {
    const noticed = away() > NOTICE_MS;
    const left = given.lastsMs - away();
    // Who is asked right before the end may be answered after it.
    if (left < ANSWER_MS && noticed) {
      await pause(left);
      break;
    }
    const found = await Promise.all(shop.apis.map((api) => probe(api, accessToken, noticed, given.partial)));
    asked += shop.apis.length * 4;
    for (const problem of found.flat()) problems.add(problem);
    await pause(Math.min(250, Math.max(0, given.lastsMs - away())));
  }
  await given.end();
  const { ms: backMs, late } = await untilWell(cluster, client, accessToken);
  if (backMs > BACK_MS) problems.add(`well again only ${(backMs / 1_000).toFixed(1)} s after (${late})`);
  return { problems: [...problems], summary: `${asked} questions, well again after ${(backMs / 1_000).toFixed(1)} s` };
}

/** How long until every instance knows the session and is ready, and an order placed then has had all its effects. */
async function untilWell(cluster: Cluster, client: Cartwright, token: string): Promise<{ ms: number; late: string }> {
  const { shop, database } = cluster;
  const startedAt = performance.now();
  const passed = (): number => performance.now() - startedAt;
  let late = '';
  const wait = async (what: () => string): Promise<void> => {
    if (late === '' && passed() > BACK_MS) late = what();
    await pause(50);
  };
  const bearer = { authorization: `Bearer ${token}` };
  const well = async (api: HostProcess): Promise<boolean> => {
    const [me, ready] = await Promise.all([ask(`${api.url}/trpc/account.me`, bearer), ask(`${api.url}/health/ready`)]);
    return me.status === 200 && ready.status === 200;
  };
  await Promise.all(
    shop.apis.map(async (api, index) => {
      while (passed() < WATCHED_MS && !(await well(api))) await wait(() => `API ${index} is not well`);
    }),
  );
  let orderId: string | undefined;
  while (orderId === undefined && passed() < WATCHED_MS) {
    const placed = await shop.order(client, { paymentMethod: 'cash_on_delivery' }).catch(() => undefined);
    orderId = placed?.order.id;
    if (orderId === undefined) await wait(() => 'no order can be placed');
  }
  while (passed() < WATCHED_MS) {
    const rows = await database.all<OutboxRow>('outbox', { aggregateId: orderId ?? '' });
    const open = rows.filter(({ status }) => status !== 'done');
    if (rows.length > 0 && open.length === 0) break;
    await wait(() =>
      open.map(({ type, status, handled }) => `${type} is ${status}, handled by ${handled.length}`).join(),
    );
  }
  return { ms: passed(), late };
}
