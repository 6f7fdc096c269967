import type { Anomaly, Outcome } from './history.ts';

/** One write outside transactions, as its client saw it. */
export type RegisterWrite = { readonly id: string; readonly outcome: Outcome } & (
  | { readonly f: 'increment'; readonly register: string; readonly answered: number | null }
  | { readonly f: 'swap'; readonly register: string; readonly matched: number }
  | { readonly f: 'insert'; readonly ids: readonly string[] }
  | { readonly f: 'reserve'; readonly name: string }
  | { readonly f: 'claim' | 'take'; readonly item: string | null }
);

export interface Register {
  readonly _id: string;
  readonly n: number;
  /** The ids of the writes that changed it, in order. */
  readonly writes: readonly string[];
}

export interface RegisterFinals {
  readonly registers: readonly Register[];
  /** Ids of the inserted documents, as stored. */
  readonly inserted: readonly string[];
  /** Reserved names with the write that has them. */
  readonly names: readonly { readonly name: string; readonly owner: string }[];
  readonly items: readonly { readonly _id: string; readonly claimedBy: string | null }[];
  /** All items that there were. */
  readonly allItems: readonly string[];
}

/** Every acknowledged write is there exactly once, none that failed is, and nobody shares what only one may have. */
export function checkRegisters(writes: readonly RegisterWrite[], finals: RegisterFinals): Anomaly[] {
  const anomalies: Anomaly[] = [];
  const report = (kind: string, message: string): void => void anomalies.push({ kind, message });
  const byId = new Map(writes.map((write) => [write.id, write]));
  for (const register of finals.registers) checkRegister(register, byId, report);
  const stored = new Set(finals.inserted);
  if (stored.size < finals.inserted.length) report('duplicate', 'a document is stored twice');
  if (new Set(finals.names.map(({ name }) => name)).size < finals.names.length)
    report('duplicate', 'a name is twice there');
  for (const write of writes) checkWrite(write, finals, report);
  checkTaken(writes, finals, report);
  return anomalies;
}

type Report = (kind: string, message: string) => void;

function checkRegister({ _id, n, writes }: Register, byId: ReadonlyMap<string, RegisterWrite>, report: Report): void {
  if (new Set(writes).size < writes.length) report('duplicate', `${_id} holds a write twice: ${writes.join(' ')}`);
  if (n !== writes.length) report('torn', `${_id} counts ${n} for ${writes.length} writes`);
  for (const [at, id] of writes.entries()) {
    const write = byId.get(id);
    if (write === undefined) report('phantom', `nobody made the write ${id} on ${_id}`);
    else if (write.outcome === 'failed') report('failed-write', `${id} failed and is on ${_id}`);
    else if (write.f === 'increment' && write.answered !== null && write.answered !== at + 1) {
      report('wrong-answer', `${id} was answered ${write.answered} and made ${at + 1} of ${_id}`);
    }
  }
}

function checkWrite(write: RegisterWrite, finals: RegisterFinals, report: Report): void {
  const { id, outcome, f } = write;
  const lost = (what: string): void => report('lost-write', `${id} was acknowledged, but ${what}`);
  const failed = (what: string): void => report('failed-write', `${id} failed, but ${what}`);
  switch (f) {
    case 'increment':
    case 'swap': {
      const register = finals.registers.find(({ _id }) => _id === write.register);
      const there = register?.writes.includes(id) === true;
      const acknowledged = outcome === 'ok' && (f === 'increment' || write.matched === 1);
      if (acknowledged && !there) lost(`is not on ${write.register}`);
      if (outcome === 'ok' && !acknowledged && there) report('wrong-answer', `${id} was told that it changed nothing`);
      return;
    }
    case 'insert': {
      const there = write.ids.filter((one) => finals.inserted.includes(one));
      if (outcome === 'ok' && there.length < write.ids.length)
        lost(`${write.ids.length} documents are ${there.length}`);
      if (outcome === 'failed' && there.length > 0) failed('documents are there');
      return;
    }
    case 'reserve': {
      const owner = finals.names.find(({ name }) => name === write.name)?.owner;
      if (outcome === 'ok' && owner !== id) lost(`${write.name} belongs to ${String(owner)}`);
      if (outcome === 'failed' && owner === id) failed(`it has ${write.name}`);
      return;
    }
    case 'claim': {
      if (outcome === 'ok' && write.item !== null) {
        const owner = finals.items.find(({ _id }) => _id === write.item)?.claimedBy;
        if (owner !== id) lost(`${write.item} belongs to ${String(owner)}`);
      }
      return;
    }
    case 'take':
      if (outcome === 'ok' && write.item !== null && finals.items.some(({ _id }) => _id === write.item)) {
        lost(`${write.item} is still there`);
      }
  }
}

/** No item goes to two, and none is gone that nobody may have taken. */
function checkTaken(writes: readonly RegisterWrite[], finals: RegisterFinals, report: Report): void {
  const takers = new Map<string, string>();
  let uncertain = 0;
  for (const write of writes) {
    if (write.f !== 'take') continue;
    if (write.outcome === 'unknown') uncertain += 1;
    if (write.item === null) continue;
    const other = takers.get(write.item);
    if (other !== undefined) report('duplicate', `${write.item} was given to ${other} and to ${write.id}`);
    takers.set(write.item, write.id);
  }
  const there = new Set(finals.items.map(({ _id }) => _id));
  const gone = finals.allItems.filter((item) => !there.has(item) && !takers.has(item));
  if (gone.length > uncertain) report('lost-write', `nobody took ${gone.join(' ')}`);
}
