import { findCycle, type Edge, type EdgeKind } from './cycles.ts';
import { describeTxn, type Anomaly, type Txn } from './history.ts';
import { checkLists, visibleTxns, type Lists } from './list-checks.ts';

/** Levels of what must not go in circles, from the gravest on. */
const LEVELS: readonly { readonly kinds: ReadonlySet<EdgeKind>; readonly suffix: string }[] = [
  { kinds: new Set(['ww']), suffix: '' },
  { kinds: new Set(['ww', 'wr']), suffix: '' },
  { kinds: new Set(['ww', 'wr', 'rw']), suffix: '' },
  { kinds: new Set(['ww', 'wr', 'rw', 'rt']), suffix: '-realtime' },
];

/**
 * Checks a history of transactions that append to lists and read them, in the manner of Elle (K. Kingsbury and P. Alvaro,
 * "Elle: Inferring Isolation Anomalies from Experimental Observations"). `final` are the lists as they stood after the
 * last restart. Snapshot isolation in real time has to hold: a transaction sees what was acknowledged before it began.
 */
export function checkListAppend(history: readonly Txn[], final: Lists): Anomaly[] {
  const anomalies = checkLists(history, final);
  const visible = visibleTxns(history, final);
  anomalies.push(...lostUpdates(visible));
  const edges = [...dependencies(visible, final), ...realTime(visible)];
  for (const { kinds, suffix } of LEVELS) {
    const cycle = findCycle(edges, kinds);
    if (cycle === null) continue;
    anomalies.push({ kind: nameOf(cycle) + suffix, message: explain(cycle, visible) });
    break;
  }
  return anomalies;
}

/** What a transaction read of others before it wrote the key itself: the length of the list, by key. */
function versionsRead(txn: Txn): Map<string, number> {
  const read = new Map<string, number>();
  const own = new Set<string>();
  for (const op of txn.ops) {
    if (op.f === 'append') own.add(op.key);
    else if (!own.has(op.key) && !read.has(op.key)) read.set(op.key, op.values.length);
  }
  return read;
}

const appendsTo = (txn: Txn, key: string): number[] =>
  txn.ops.flatMap((op) => (op.f === 'append' && op.key === key ? [op.value] : []));

function lostUpdates(txns: readonly Txn[]): Anomaly[] {
  const seen = new Map<string, Txn>();
  const anomalies: Anomaly[] = [];
  for (const txn of txns) {
    for (const [key, version] of versionsRead(txn)) {
      if (appendsTo(txn, key).length === 0) continue;
      const other = seen.get(`${key} ${version}`);
      if (other === undefined) seen.set(`${key} ${version}`, txn);
      else {
        const message = `both read ${version} elements of ${key} and wrote it:\n${describeTxn(other)}\n${describeTxn(txn)}`;
        anomalies.push({ kind: 'lost-update', message });
      }
    }
  }
  return anomalies;
}

function dependencies(txns: readonly Txn[], final: Lists): Edge[] {
  const writers = new Map<string, number>();
  for (const txn of txns) {
    for (const op of txn.ops) if (op.f === 'append') writers.set(`${op.key} ${op.value}`, txn.id);
  }
  const writerAt = (key: string, at: number): number | undefined => writers.get(`${key} ${final.get(key)?.[at]}`);
  const edges: Edge[] = [];
  const link = (from: number | undefined, to: number | undefined, kind: EdgeKind, why: string): void => {
    if (from !== undefined && to !== undefined && from !== to) edges.push({ from, to, kind, why });
  };
  for (const [key, values] of final) {
    for (let at = 1; at < values.length; at++) {
      link(writerAt(key, at - 1), writerAt(key, at), 'ww', `${key}: ${values[at]} follows ${values[at - 1]}`);
    }
  }
  for (const txn of txns) {
    for (const [key, version] of versionsRead(txn)) {
      if (version > 0) link(writerAt(key, version - 1), txn.id, 'wr', `${key}: read ${final.get(key)?.[version - 1]}`);
      // Its own first append may come next: then whoever wrote after that one has overwritten what it read.
      let next = version;
      while (writerAt(key, next) === txn.id) next += 1;
      link(txn.id, writerAt(key, next), 'rw', `${key}: did not read ${final.get(key)?.[next]}`);
    }
  }
  return edges;
}

/**
 * "Ended before the other began", with a node for every moment instead of an edge for every pair: moments are chained,
 * an end leads to its moment, and a beginning comes from the latest one. Their numbers are negative.
 */
function realTime(txns: readonly Txn[]): Edge[] {
  const events = txns.flatMap((txn) => [
    { at: txn.start, txn, ends: false },
    ...(txn.end === Infinity ? [] : [{ at: txn.end, txn, ends: true }]),
  ]);
  events.sort((a, b) => a.at - b.at);
  const edges: Edge[] = [];
  let moment = -1;
  for (const { txn, ends } of events) {
    if (ends) {
      const next = moment - 1;
      edges.push({ from: moment, to: next, kind: 'rt', why: '' }, { from: txn.id, to: next, kind: 'rt', why: 'ended' });
      moment = next;
    } else {
      edges.push({ from: moment, to: txn.id, kind: 'rt', why: 'began after that' });
    }
  }
  return edges;
}

function nameOf(cycle: readonly Edge[]): string {
  const count = (kind: EdgeKind): number => cycle.filter((edge) => edge.kind === kind).length;
  if (count('rw') > 1) return 'G-nonadjacent';
  if (count('rw') === 1) return 'G-single';
  return count('wr') > 0 ? 'G1c' : 'G0';
}

function explain(cycle: readonly Edge[], txns: readonly Txn[]): string {
  const byId = new Map(txns.map((txn) => [txn.id, txn]));
  const name = (node: number): string => (node < 0 ? `moment ${-node}` : `T${node}`);
  const steps = cycle.map(({ from, to, kind, why }) => `  ${name(from)} -${kind}-> ${name(to)}  ${why}`);
  const members = cycle.flatMap(({ from }) => byId.get(from) ?? []).map((txn) => `  ${describeTxn(txn)}`);
  return [...steps, ...members].join('\n');
}
