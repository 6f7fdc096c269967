import type { Anomaly, Outcome } from './history.ts';

export interface Transfer {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly amount: number;
  readonly outcome: Outcome;
}

/** The accounts as one snapshot held them; those that are closed are not in it. */
export type Balances = ReadonlyMap<string, number>;

export interface BankHistory {
  /** What every account began with. */
  readonly start: Balances;
  readonly transfers: readonly Transfer[];
  /** What reads saw while transfers went on. */
  readonly snapshots: readonly Balances[];
  readonly finalBalances: Balances;
  /** The ids of the transfers that were recorded, as stored in the end. */
  readonly finalTransfers: readonly string[];
}

/**
 * Money is neither made nor lost: every snapshot holds the same total and no debt, acknowledged transfers are recorded
 * once, those that failed are not, and the balances are what the recorded transfers make of them.
 */
export function checkBank(history: BankHistory): Anomaly[] {
  const anomalies: Anomaly[] = [];
  const report = (kind: string, message: string): void => void anomalies.push({ kind, message });
  const total = sum(history.start);
  for (const snapshot of [...history.snapshots, history.finalBalances]) {
    if (sum(snapshot) !== total) report('total', `${show(snapshot)} is ${sum(snapshot)} in all, not ${total}`);
    for (const [account, balance] of snapshot) if (balance < 0) report('negative', `${account} holds ${balance}`);
  }
  const recorded = new Set(history.finalTransfers);
  if (recorded.size < history.finalTransfers.length) report('duplicate', 'a transfer is recorded twice');
  const expected = new Map(history.start);
  for (const transfer of history.transfers) {
    const { id, from, to, amount, outcome } = transfer;
    const there = recorded.delete(id);
    if (outcome === 'ok' && !there) report('lost-transfer', `${describe(transfer)} was acknowledged and is not there`);
    if (outcome === 'failed' && there) report('aborted-transfer', `${describe(transfer)} failed and is there`);
    if (!there) continue;
    expected.set(from, (expected.get(from) ?? 0) - amount);
    expected.set(to, (expected.get(to) ?? 0) + amount);
  }
  for (const id of recorded) report('phantom', `nobody made the transfer ${id}`);
  for (const [account, balance] of expected) {
    const stored = history.finalBalances.get(account) ?? 0;
    if (stored !== balance) report('torn', `${account} holds ${stored}, its transfers make ${balance}`);
  }
  return anomalies;
}

const sum = (balances: Balances): number => [...balances.values()].reduce((total, balance) => total + balance, 0);
const show = (balances: Balances): string => JSON.stringify(Object.fromEntries(balances));
const describe = ({ id, from, to, amount }: Transfer): string => `${id} (${amount} from ${from} to ${to})`;
