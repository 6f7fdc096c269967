import { encodeKey } from '../engine/index.ts';
import { encodeField } from '../storage/key-encoding.ts';
import { BlockedError } from '../storage/locks.ts';
import type { CollectionState, IndexState } from '../storage/state.ts';
import { createLiveWriter, type Writer } from '../storage/writer.ts';
import type { ServerContext } from './context.ts';

/** Documents removed in one round at most, so that a large backlog does not hold up clients. */
const ROUND_LIMIT = 5000;

const DATE_TYPE = encodeKey(new Date(0)).slice(0, 1);

/** Removes documents whose date under a TTL index has passed. Those locked by a transaction wait for the next round. */
export function removeExpired(server: ServerContext): void {
  const { core } = server;
  const writer = createLiveWriter(core);
  let budget = ROUND_LIMIT;
  for (const state of [...core.live.catalog.values()]) {
    for (const index of state.indexes) {
      if (index.spec.expireAfterSeconds === null || budget <= 0) continue;
      const expired = expiredRids(index, server.now(), budget);
      budget -= expired.length;
      removeRids(writer, state, expired);
    }
  }
  if (!writer.wrote()) return;
  void core.durability.flush();
}

function expiredRids(index: IndexState, now: number, limit: number): number[] {
  const seconds = index.spec.expireAfterSeconds ?? 0;
  const threshold = encodeKey(new Date(now - seconds * 1000));
  const descending = index.spec.fields[0]?.descending === true;
  const rids: number[] = [];
  if (descending) {
    const from = encodeField(new Date(now - seconds * 1000), true, undefined);
    const end = String.fromCharCode(255 - DATE_TYPE.charCodeAt(0));
    for (const [key, rid] of index.tree.entries(from)) {
      if (!key.startsWith(end) || rids.length >= limit) break;
      rids.push(rid);
    }
    return rids;
  }
  for (const [key, rid] of index.tree.entries(DATE_TYPE)) {
    if (key >= threshold || rids.length >= limit) break;
    rids.push(rid);
  }
  return rids;
}

function removeRids(writer: Writer, state: CollectionState, rids: readonly number[]): void {
  for (const rid of rids) {
    const current = writer.collection(state.ns);
    const record = current?.records.get(rid);
    if (current === undefined || record === undefined) continue;
    try {
      writer.remove(current, record);
    } catch (error) {
      if (!(error instanceof BlockedError)) throw error;
    }
  }
}
