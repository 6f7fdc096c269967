import type { BlockedError, LockOwner } from '../storage/locks.ts';
import type { Session } from '../sessions/sessions.ts';
import type { ServerContext } from './context.ts';

const reported = new WeakSet<LockOwner>();

/** Tells on stderr, once for each transaction, that others have waited for it for long, and what is known of it. */
export function reportWait(server: ServerContext, call: { name: string; db: string }, { owner }: BlockedError): void {
  if (reported.has(owner)) return;
  reported.add(owner);
  process.stderr.write(`a ${call.name} on ${call.db} waits for ${describeOwner(server, owner)}\n`);
}

function describeOwner(server: ServerContext, owner: LockOwner): string {
  const { records, keys, namespaces } = owner.held;
  const held = `${records.length} records, ${keys.length} keys, in ${[...namespaces].join(', ')}`;
  const session = sessionOf(server, owner);
  if (session === undefined) return `a transaction that no session knows: ${held}`;
  const age = ((server.now() - session.transactionStartedAt) / 1000).toFixed(1);
  const state = session.busy === null ? 'idle' : 'busy';
  const connection = server.clients.has(session.connectionId) ? 'open' : 'gone';
  return `transaction ${session.txnNumber} of session ${session.key}, ${age} s old, ${state}, its connection ${connection}: ${held}`;
}

function sessionOf(server: ServerContext, owner: LockOwner): Session | undefined {
  for (const session of server.sessions.all()) if (session.transaction === owner) return session;
  return undefined;
}
