import type { RouterOutputs } from '@cartwright/sdk';

type Answer = RouterOutputs['orders']['invoice'];

/** A document of an order as a list shows it. Without a `url` its file is being made. */
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
