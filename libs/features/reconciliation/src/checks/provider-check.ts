import { equalMoney, type Money } from '@cartwright/domain-money';
import type { BookEntry, PaymentInspection, PaymentProvider, ProviderBooks } from '@cartwright/feature-payments';
import type { Mongo } from '@cartwright/platform-mongo';
import type { Check } from '../check.ts';
import type { Difference } from '../difference.ts';
import { createLedgerLookup, keyOf, type LedgerRow } from './ledger-lookup.ts';
import { moneyText } from './orders-check.ts';

const DAY_MS = 24 * 3_600_000;
const BATCH = 100;
/** So many ids of a day are remembered; of what is beyond, the provider is asked one by one. */
const REMEMBERED_MAX = 20_000;
/** A page is made shorter than a day until it has no more than these. */
const SUSPECTS_MAX = 500;
/** Disputes are appealed against, and decided anew, long after they began. */
const DISPUTES_BACK_MS = 400 * DAY_MS;
/** Books tell moments by the second. */
const SHORTEST_MS = 1_000;

/** What the provider's books and the ledger say of the same money; null when they agree. */
export function compareEntry(entry: BookEntry | null, row: LedgerRow | null): Difference | null {
  const kind = row?.kind ?? entry?.kind ?? 'payment';
  const reference = row?.reference ?? entry?.reference ?? '';
  const orderId = row?.orderId ?? entry?.orderId;
  const { paymentId, refundId } = row ?? {};
  const subject = {
    reference,
    ...(orderId === undefined ? {} : { orderId }),
    ...(paymentId === undefined ? {} : { paymentId }),
    ...(refundId === undefined ? {} : { refundId }),
  };
  const words = (side: { amount: Money | null; status: string } | null): string =>
    side ? `${side.amount ? moneyText(side.amount) : 'an amount that is not of the shop'}, ${side.status}` : 'none';
  const facts = { subject, expected: words(entry), found: words(row) };
  if (!row) {
    if (!entry || entry.status === 'failed' || (kind === 'payment' && entry.status !== 'succeeded')) return null;
    return { kind: 'provider_unknown', ...facts, text: `The provider has a ${kind} that the ledger does not have.` };
  }
  if (!entry) {
    if (row.status === 'failed') return null;
    return { kind: 'provider_missing', ...facts, text: `The ledger has a ${kind} that the provider does not have.` };
  }
  if (entry.amount && equalMoney(entry.amount, row.amount) && isSameStatus(entry, row)) return null;
  return { kind: 'provider_differs', ...facts, text: `The provider and the ledger tell a ${kind} differently.` };
}

/** A dispute that was lost is open again while it is appealed against; the money stays away meanwhile. */
function isSameStatus(entry: BookEntry, row: LedgerRow): boolean {
  if (row.isSentBack) return entry.status === 'pending';
  return (
    entry.status === row.status || (row.kind === 'dispute' && row.status === 'succeeded' && entry.status === 'pending')
  );
}

/** Where to go on. The next page is twice as long as this one, a day at most: where much is wrong, more often is. */
const cursorOf = (to: Date, length: number): string => `${to.toISOString()} ${Math.min(DAY_MS, 2 * length)}`;

function readCursor(cursor: string): { from: Date; upTo: number } {
  const [from = '', upTo = DAY_MS] = cursor.split(' ');
  return { from: new Date(from), upTo: Number(upTo) };
}

/** What was met in a part of the books. */
interface Met {
  readonly seen: Set<string>;
  readonly suspects: Set<string>;
  /** With more of them than this, the part is too long; it is read no further. */
  readonly max: number;
  readonly signal: AbortSignal;
}

/**
 * The ledger, with the books of providers, both ways, day by day. What differs is looked at again later: what a provider
 * did just now takes its time to get here.
 */
export function createProviderCheck({
  mongo,
  payments,
  books,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  payments: PaymentInspection;
  books: readonly (ProviderBooks & { readonly provider: PaymentProvider })[];
}): Check {
  const ledger = createLedgerLookup({ payments });

  /** What the provider has: each is looked up here. */
  async function forward(
    { provider, entries }: (typeof books)[number],
    period: { from: Date; to: Date },
    { seen, suspects, max, signal }: Met,
  ): Promise<number> {
    let examined = 0;
    let batch: BookEntry[] = [];
    const look = async () => {
      const rows = await ledger.rowsOf(batch);
      for (const entry of batch) {
        const key = keyOf(entry);
        if (seen.size < REMEMBERED_MAX) seen.add(key);
        const row = rows.get(key);
        if (row !== 'not_ours' && compareEntry(entry, row ?? null)) suspects.add(`${provider}/${key}`);
      }
      examined += batch.length;
      batch = [];
      signal.throwIfAborted();
    };
    for await (const entry of entries(period)) {
      batch.push(entry);
      if (batch.length === BATCH) await look();
      if (suspects.size > max) return examined;
    }
    await look();
    return examined;
  }

  /** What is booked here: of each that was not met, the provider is asked. */
  async function backward(
    { provider, entry }: (typeof books)[number],
    period: { from: Date; to: Date },
    { seen, suspects, max, signal }: Met,
  ): Promise<number> {
    let examined = 0;
    for await (const row of ledger.rows(provider, period)) {
      signal.throwIfAborted();
      const key = keyOf(row);
      if (seen.has(key)) continue;
      examined += 1;
      if (compareEntry(await entry(row.kind, row.reference), row)) suspects.add(`${provider}/${key}`);
      if (suspects.size > max) break;
    }
    return examined;
  }

  /** Disputes that began before the period, and what differs of them. */
  async function olderDisputes(until: Date, signal: AbortSignal) {
    const suspects = new Set<string>();
    let examined = 0;
    for (const book of books) {
      const period = { from: new Date(until.getTime() - DISPUTES_BACK_MS), to: until };
      const met: Met = { seen: new Set(), suspects, max: Infinity, signal };
      examined += await forward({ ...book, entries: book.disputes }, period, met);
    }
    return { examined, suspects };
  }

  async function compare(period: { from: Date; to: Date }, max: number, signal: AbortSignal) {
    const suspects = new Set<string>();
    let examined = 0;
    for (const book of books) {
      const met: Met = { seen: new Set(), suspects, max, signal };
      examined += await forward(book, period, met);
      if (suspects.size <= max) examined += await backward(book, period, met);
    }
    return { examined, suspects };
  }

  return {
    name: 'provider',
    isSlowToSettle: true,
    async next(cursor, scope, signal) {
      const { from, upTo } = cursor === undefined ? { from: scope.from, upTo: DAY_MS } : readCursor(cursor);
      const older = cursor === undefined ? await olderDisputes(scope.from, signal) : null;
      let length = Math.min(upTo, scope.to.getTime() - from.getTime());
      for (;;) {
        const to = new Date(from.getTime() + length);
        const max = length <= SHORTEST_MS ? Infinity : SUSPECTS_MAX;
        const { examined, suspects } = await compare({ from, to }, max, signal);
        if (suspects.size > max) {
          length = Math.max(SHORTEST_MS, Math.floor(length / 2));
          continue;
        }
        return {
          examined: examined + (older?.examined ?? 0),
          suspects: [...suspects, ...(older?.suspects ?? [])],
          cursor: to < scope.to ? cursorOf(to, length) : null,
        };
      }
    },
    async confirm(suspect) {
      const [provider = '', kind = '', ...rest] = suspect.split('/');
      const book = books.find((one) => one.provider === provider);
      if (!book || (kind !== 'payment' && kind !== 'refund' && kind !== 'dispute')) return [];
      const reference = rest.join('/');
      const entry = await book.entry(kind, reference);
      const wanted = entry ?? { kind, reference, paymentReference: null };
      const rows = await mongo.transaction((tx) => ledger.rowsOf([wanted], tx));
      const row = rows.get(keyOf(wanted));
      const difference = row === 'not_ours' ? null : compareEntry(entry, row ?? null);
      return difference ? [difference] : [];
    },
  };
}
