import type { RouterOutputs } from '@cartwright/sdk';

type Answer = RouterOutputs['orders']['invoice'];

/** A document of an order as a list shows it. Without a `url` its file is being made, or the shop makes none. */
export type OrderDocument = Answer['creditNotes'][number] & { title: string };

/** All documents of an order: its invoice, then what came after it, the oldest first. */
export function documentsOf({ number, total, issuedAt, url, creditNotes, corrections }: Answer): OrderDocument[] {
  const invoice =
    number !== undefined && total && issuedAt
      ? [{ title: 'Invoice', number, total, issuedAt, ...(url === undefined ? {} : { url }) }]
      : [];
  const later = [
    ...creditNotes.map((note) => ({ ...note, title: 'Credit note' })),
    ...corrections.map((correction) => ({ ...correction, title: 'Invoice' })),
  ];
  return [...invoice, ...later.toSorted((a, b) => a.issuedAt.getTime() - b.issuedAt.getTime())];
}

const TRIES = 20;
const [SOON_MS, SELDOM_MS] = [1_500, 30_000];

/**
 * In how many milliseconds to look again for what is being made, after so many looks: soon, then ever later. Null once it is
 * time to leave it, after some six minutes: each look at the documents of another person is written down.
 */
export function nextLookMs(looks: number): number | null {
  return looks >= TRIES ? null : Math.min(SOON_MS * 1.3 ** Math.max(0, looks - 1), SELDOM_MS);
}
