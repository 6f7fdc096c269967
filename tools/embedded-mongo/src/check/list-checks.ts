import { describeTxn, type Anomaly, type Txn } from './history.ts';

/** Lists by key. */
export type Lists = ReadonlyMap<string, readonly number[]>;

interface Append {
  readonly txn: Txn;
  readonly key: string;
  /** The transaction's next append to the same key, if it has one. */
  readonly next: number | undefined;
}

/** Everything that shows without looking at the order of transactions: what was lost, half done or should never be seen. */
export function checkLists(history: readonly Txn[], final: Lists): Anomaly[] {
  const anomalies: Anomaly[] = [];
  const report = (kind: string, message: string, txn?: Txn): void =>
    void anomalies.push({ kind, message: txn === undefined ? message : `${message}\n  ${describeTxn(txn)}` });
  const appends = appendsByValue(history);
  for (const [key, values] of final) checkValues({ key, values, appends, report });
  for (const txn of history) {
    checkEffects(txn, final, report);
    if (txn.outcome !== 'failed') checkInternal(txn, report);
  }
  for (const txn of visibleTxns(history, final)) {
    for (const op of txn.ops) {
      if (op.f === 'read') checkRead({ txn, key: op.key, values: op.values, final, appends, report });
    }
  }
  return anomalies;
}

/**
 * Those that took effect: acknowledged ones, and of unknown ones those whose appends are there. What the others read may
 * have gone with the server that they read it from.
 */
export function visibleTxns(history: readonly Txn[], final: Lists): Txn[] {
  const there = (txn: Txn): boolean =>
    txn.ops.some((op) => op.f === 'append' && final.get(op.key)?.includes(op.value) === true);
  return history.filter((txn) => txn.outcome === 'ok' || (txn.outcome === 'unknown' && there(txn)));
}

type Report = (kind: string, message: string, txn?: Txn) => void;

function appendsByValue(history: readonly Txn[]): Map<number, Append> {
  const appends = new Map<number, Append>();
  for (const txn of history) {
    const later = new Map<string, number>();
    for (const op of txn.ops.toReversed()) {
      if (op.f !== 'append') continue;
      appends.set(op.value, { txn, key: op.key, next: later.get(op.key) });
      later.set(op.key, op.value);
    }
  }
  return appends;
}

/** The values of one list, wherever they were seen. */
function checkValues(seen: {
  key: string;
  values: readonly number[];
  appends: ReadonlyMap<number, Append>;
  report: Report;
  reader?: Txn;
}): void {
  const { key, values, appends, report, reader } = seen;
  if (new Set(values).size < values.length)
    report('duplicate', `${key} holds a value twice: ${values.join(' ')}`, reader);
  for (const [at, value] of values.entries()) {
    const append = appends.get(value);
    if (append === undefined || append.key !== key) report('phantom', `nobody appended ${value} to ${key}`, reader);
    else if (append.txn.outcome === 'failed') {
      report('G1a', `${key} holds ${value} of an aborted transaction\n  ${describeTxn(append.txn)}`, reader);
    } else if (append.txn.id !== reader?.id && append.next !== undefined && values[at + 1] !== append.next) {
      report('G1b', `${key} holds ${value} without the ${append.next} behind it\n  ${describeTxn(append.txn)}`, reader);
    }
  }
}

function checkRead(read: {
  txn: Txn;
  key: string;
  values: readonly number[];
  final: Lists;
  appends: ReadonlyMap<number, Append>;
  report: Report;
}): void {
  const { txn, key, values, final, appends, report } = read;
  checkValues({ key, values, appends, report, reader: txn });
  const last = final.get(key) ?? [];
  const gone = values.find((value) => !last.includes(value) && appends.get(value)?.txn.outcome !== 'failed');
  if (gone !== undefined) report('lost-read', `${gone} was read in ${key} and is not there any more`, txn);
  else if (values.some((value, at) => value !== last[at])) {
    report('incompatible-order', `${key} was read as ${values.join(' ')} and ended as ${last.join(' ')}`, txn);
  }
}

/** Acknowledged appends are there, uncertain ones all or none. */
function checkEffects(txn: Txn, final: Lists, report: Report): void {
  const appends = txn.ops.flatMap((op) => (op.f === 'append' ? [op] : []));
  const there = appends.filter(({ key, value }) => final.get(key)?.includes(value) === true).length;
  if (txn.outcome === 'ok' && there < appends.length) report('lost-append', 'an acknowledged append is gone', txn);
  if (txn.outcome === 'unknown' && there > 0 && there < appends.length) report('torn', 'only a part is there', txn);
}

/** Within a transaction a list is what was read first, and the own appends behind it. */
function checkInternal(txn: Txn, report: Report): void {
  const known = new Map<string, number[]>();
  const own = new Map<string, number[]>();
  for (const op of txn.ops) {
    if (op.f === 'append') {
      known.get(op.key)?.push(op.value);
      own.set(op.key, [...(own.get(op.key) ?? []), op.value]);
      continue;
    }
    const expected = known.get(op.key);
    const mine = own.get(op.key) ?? [];
    const tail = op.values.slice(op.values.length - mine.length);
    const wrong = expected === undefined ? !same(tail, mine) : !same(op.values, expected);
    if (wrong) report('internal', `${op.key} is not what the transaction made of it`, txn);
    known.set(op.key, [...op.values]);
  }
}

const same = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);
