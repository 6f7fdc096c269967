import type { Doc } from '../bson/index.ts';
import type { ClusterClock } from '../sessions/clock.ts';
import type { CursorRegistry } from '../sessions/cursors.ts';
import type { Session, SessionRegistry } from '../sessions/sessions.ts';
import type { Core } from '../storage/core.ts';
import type { Writer } from '../storage/writer.ts';
import type { DriverPools } from './driver-pools.ts';
import type { Failpoints } from './failpoints.ts';
import type { Reply } from './reply.ts';

/** Who is at the other end of a connection. */
export interface Client {
  /** Given when the connection closes. */
  readonly closed: AbortSignal;
  /** `host:port` */
  readonly address: string;
  /** What the client calls itself in its first hello. */
  appName: string | null;
}

/** Everything commands work with, made once per server. */
export interface ServerContext {
  readonly core: Core;
  readonly sessions: SessionRegistry;
  readonly cursors: CursorRegistry;
  readonly failpoints: Failpoints;
  readonly clock: ClusterClock;
  readonly startedAt: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** `host:port` under which clients reach the server. */
  address: string;
  connections: number;
  /** Whether documents whose time is over are removed. */
  ttlMonitorEnabled: boolean;
  /** The open connections. */
  readonly clients: Map<number, Client>;
  /** Which of them belong together. */
  readonly pools: DriverPools;
  /** Commands answered since the start, by name. */
  readonly counters: Map<string, number>;
}

/** One command being run. */
export interface CommandContext {
  readonly server: ServerContext;
  readonly connectionId: number;
  readonly name: string;
  readonly db: string;
  /** The command with its document sequences put in as arrays. */
  readonly args: Doc;
  /** The documents of the sequences, as they came. */
  readonly sequences: ReadonlyMap<string, readonly Uint8Array[]>;
  readonly session: Session | null;
  readonly writer: Writer;
  /** `<session>:<number>` within a transaction. */
  readonly transactionKey: string | null;
  /** The command is a retryable write: results of its statements are remembered. */
  readonly retryable: boolean;
  /** When the client's time limit ends, in milliseconds since the epoch; Infinity without one. Cursors move it. */
  deadline: number;
  /** The result of a statement that an earlier attempt has run already. */
  recall(statement: number): Doc | undefined;
  /** Keeps a statement's result. Has to be called in the same step as the changes, to become durable with them. */
  remember(statement: number, result: Doc): void;
  /** Aborts the transaction the command is part of. */
  abort(): void;
  /** Settles when all the command did is on disk; null when it changed nothing. */
  finish(): Promise<void> | null;
  /** Runs a write; when it meets a transaction's lock, waits for that to end and runs it again. */
  withLocks<T>(write: () => T): T | Promise<T>;
}

export interface Command {
  readonly name: string;
  /** Fields it knows besides the generic ones; null when it takes any. */
  readonly fields: ReadonlySet<string> | null;
  /** It may be part of a transaction. */
  readonly transactional?: boolean;
  /** It works on the admin database only. */
  readonly adminOnly?: boolean;
  /** It reads documents, so that any read concern means something. */
  readonly reads?: boolean;
  /** It changes something, so that a write concern means something. */
  readonly writes?: boolean;
  /** Done once however often it is sent under one transaction number. */
  readonly retryable?: boolean;
  run(context: CommandContext): Reply | Promise<Reply>;
}
