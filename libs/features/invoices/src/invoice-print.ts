import { formatMoney } from '@cartwright/domain-money';
import { addressLines } from '@cartwright/domain-orders';
import type { PrintedBlock, PrintedColumn, PrintedDocument, PrintedRow } from '@cartwright/platform-documents';
import type { DocumentLine, Invoice } from './invoice.ts';

/** Documents are written in one language for now. */
const LOCALE = 'en-US';

const COLUMNS: readonly PrintedColumn[] = [
  { heading: 'Article', share: 0.28, align: 'left' },
  { heading: 'Pieces', share: 0.07, align: 'right' },
  { heading: 'Price', share: 0.145, align: 'right' },
  { heading: 'Discount', share: 0.135, align: 'right' },
  { heading: 'Tax', share: 0.07, align: 'right' },
  { heading: 'Net', share: 0.15, align: 'right' },
  { heading: 'Total', share: 0.15, align: 'right' },
];

/** What of a document's total is of one tax rate, in minor units. */
export interface TaxShare {
  readonly basisPoints: number;
  readonly net: number;
  readonly tax: number;
}

/** The total taken apart by tax rate, the highest first; net and tax of all of them sum to it. */
export function taxShares(lines: readonly DocumentLine[]): TaxShare[] {
  const rates = Map.groupBy(lines, ({ taxBasisPoints }) => taxBasisPoints);
  return [...rates]
    .map(([basisPoints, those]) => ({
      basisPoints,
      net: those.reduce((sum, { total, tax }) => sum + total - tax, 0),
      tax: those.reduce((sum, { tax }) => sum + tax, 0),
    }))
    .toSorted((a, b) => b.basisPoints - a.basisPoints);
}

/** A document as it is printed; its dates are days in `timezone`. The same document always gives the same. */
export function toPrinted(invoice: Invoice, { timezone }: { timezone: string }): PrintedDocument {
  const { kind, number, issuedAt, seller, lines, currency, total } = invoice;
  const amount = (minor: number): string => formatMoney({ amount: minor, currency }, LOCALE);
  const shares = taxShares(lines);
  const net = shares.reduce((sum, share) => sum + share.net, 0);
  return {
    title: `${kind === 'invoice' ? 'Invoice' : 'Credit note'} ${number}`,
    date: issuedAt,
    letterhead: [seller.name, ...seller.address, ...(seller.taxId === undefined ? [] : [`Tax id ${seller.taxId}`])],
    blocks: [buyerOf(invoice), factsOf(invoice, timezone)],
    columns: COLUMNS,
    rows: lines.map((line) => rowOf(line, amount)),
    sums: [
      { label: 'Net', value: amount(net) },
      ...shares.map((share) => ({
        label: `Tax ${percent(share.basisPoints)} on ${amount(share.net)}`,
        value: amount(share.tax),
      })),
      { label: kind === 'invoice' ? 'Total' : 'Total given back', value: amount(total) },
    ],
    notes: [
      invoice.taxMode === 'inclusive' ? 'Prices and discounts contain tax.' : 'Prices and discounts are without tax.',
      `All amounts are in ${currency}.`,
    ],
  };
}

function rowOf(line: DocumentLine, amount: (minor: number) => string): PrintedRow {
  const { title, detail, quantity, unitPrice, discount, taxBasisPoints, tax, total } = line;
  return {
    cells: [
      title,
      quantity === 0 ? '' : String(quantity),
      unitPrice === undefined ? '' : amount(unitPrice),
      discount === 0 ? '' : amount(-discount),
      percent(taxBasisPoints),
      amount(total - tax),
      amount(total),
    ],
    detail,
  };
}

function buyerOf({ buyer: { address, email } }: Invoice): PrintedBlock {
  return { heading: 'Billed to', lines: [...addressLines(address, LOCALE), email] };
}

function factsOf(invoice: Invoice, timezone: string): PrintedBlock {
  const { issuedAt, orderNumber, orderedAt, corrects, reason, paidAt, kind, isCash } = invoice;
  const day = (date: Date): string =>
    date.toLocaleDateString(LOCALE, { timeZone: timezone, year: 'numeric', month: 'long', day: 'numeric' });
  const moved = kind === 'invoice' ? 'Paid on' : 'Given back on';
  return {
    heading: 'About',
    lines: [
      `Issued on ${day(issuedAt)}`,
      `Order ${orderNumber} of ${day(orderedAt)}`,
      ...(corrects === undefined ? [] : [`Corrects ${corrects}`]),
      ...(reason === undefined ? [] : [reason]),
      ...(paidAt === undefined ? [] : [`${moved} ${day(paidAt)}`]),
      ...(paidAt === undefined && kind === 'invoice' && isCash ? ['To be paid on delivery'] : []),
    ],
  };
}

/** 825 as `8.25%`, without floats. */
function percent(basisPoints: number): string {
  const fraction = String(basisPoints % 100)
    .padStart(2, '0')
    .replace(/0+$/, '');
  return `${Math.floor(basisPoints / 100)}${fraction && `.${fraction}`}%`;
}
