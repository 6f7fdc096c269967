import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Principal } from '@cartwright/api-core';
import { notFound } from '@cartwright/domain-errors';
import { newId, type Mongo } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import { personalDataRequested } from '../accounts.events.ts';
import type { AuditPort, ClientFacts, PersonalDataSource } from '../accounts.ports.ts';
import type { AuthLimits } from '../auth-limits.ts';
import { securityEvent } from '../security-event.ts';
import type { SessionStore } from '../session-store.ts';
import type { DataExportRepository } from './data-export-repository.ts';
import type { DownloadTickets } from './download-tickets.ts';
import type { ExportDownloadDto, ExportStatusDto } from './personal-data.contracts.ts';

const DAY_MS = 24 * 3_600_000;
/** A copy of everything is worth stealing: it is kept no longer than needed to fetch it. */
const KEPT_MS = 3 * DAY_MS;
const TICKET_MS = 5 * 60_000;
/** Put together within seconds, with tries for minutes: one that is not there by now failed, and another may be asked for. */
const PENDING_MS = 3_600_000;
/** A document of MongoDB holds 16 MB; JSON shrinks to about a tenth. */
const MAX_BYTES = 14 * 1024 * 1024;

const zip = promisify(gzip);
const unzip = promisify(gunzip);

/** A copy of what the shop knows of a user: asked for, put together by a worker, fetched by that user alone. */
export function createPersonalData(dependencies: {
  exports: DataExportRepository;
  /** Looked at when an export is made: other features are put together later. */
  sources: () => readonly PersonalDataSource[];
  sessions: Pick<SessionStore, 'load'>;
  tickets: DownloadTickets;
  limits: Pick<AuthLimits, 'exportingData' | 'downloading'>;
  mongo: Pick<Mongo, 'transaction'>;
  outbox: Pick<Outbox, 'append'>;
  audit: AuditPort;
  /** Where clients reach the API, without a slash at the end. */
  publicUrl: string;
  clock: () => Date;
}) {
  const { exports, sources, sessions, tickets, limits, mongo, outbox, audit, publicUrl, clock } = dependencies;

  async function status({ userId }: Pick<Principal, 'userId'>): Promise<ExportStatusDto> {
    const found = await exports.ofUser(userId);
    if (!found) return { status: 'none' };
    const { requestedAt, expiresAt, bytes = 0 } = found;
    if (found.status === 'ready') return { status: 'ready', requestedAt, expiresAt, bytes };
    const isStuck = clock().getTime() - requestedAt.getTime() >= PENDING_MS;
    return { status: isStuck ? 'failed' : found.status, requestedAt };
  }

  return {
    exportStatus: status,

    /**
     * A link by which this session fetches the copy within five minutes. It opens everything at once, so the caller must have
     * shown who they are. Throws NOT_FOUND while no copy is ready.
     */
    async exportDownload({ userId, sessionId }: Principal): Promise<ExportDownloadDto> {
      const found = await exports.ofUser(userId);
      if (found?.status !== 'ready') throw notFound('export');
      const { requestId, bytes = 0 } = found;
      const expiresAt = new Date(clock().getTime() + TICKET_MS);
      const ticket = tickets.write({ userId, requestId, sessionId, expiresAt });
      return { url: `${publicUrl}/account/export?ticket=${encodeURIComponent(ticket)}`, expiresAt, bytes };
    },

    /** Begins an export; while one is under way it answers that one's status. Throws RATE_LIMITED. */
    async exportData(principal: Principal, facts: ClientFacts): Promise<ExportStatusDto> {
      const { userId } = principal;
      const current = await status(principal);
      if (current.status === 'pending') return current;
      await limits.exportingData(userId);
      const requestedAt = clock();
      const requestId = newId();
      await mongo.transaction(async (tx) => {
        const expiresAt = new Date(requestedAt.getTime() + KEPT_MS);
        await exports.begin({ _id: userId, requestId, status: 'pending', requestedAt, expiresAt }, tx);
        await outbox.append(tx, [
          {
            event: personalDataRequested,
            aggregateId: userId,
            aggregateVersion: 1,
            payload: { userId, requestId },
            occurredAt: requestedAt,
          },
        ]);
        await audit.append(securityEvent('account.dataRequested', userId, facts), tx);
      });
      return status(principal);
    },

    /** Puts an export together. It may run twice: the second one finds it done. */
    async collect({ userId, requestId }: { userId: string; requestId: string }): Promise<void> {
      const found = await exports.ofUser(userId);
      if (found?.requestId !== requestId || found.status !== 'pending') return;
      const parts: Record<string, unknown> = {};
      for (const { name, collect } of sources()) parts[name] = await collect(userId);
      const json = Buffer.from(JSON.stringify({ exportedAt: clock(), ...parts }, null, 2));
      const content = await zip(json);
      const readyAt = clock();
      if (content.byteLength > MAX_BYTES) return exports.finish(userId, requestId, { status: 'failed' });
      const expiresAt = new Date(readyAt.getTime() + KEPT_MS);
      await exports.finish(userId, requestId, { status: 'ready', readyAt, expiresAt, content, bytes: json.byteLength });
    },

    /**
     * The JSON that a ticket is for. Throws NOT_FOUND, alike for forged and old tickets, for copies that are gone, and when
     * the session in which the ticket was asked for has ended. Each try counts against its network: throws RATE_LIMITED, and
     * SERVICE_UNAVAILABLE while that can't be counted.
     */
    async download(ticket: string, { ip }: Pick<ClientFacts, 'ip'>): Promise<Buffer> {
      await limits.downloading(ip);
      const facts = tickets.read(ticket);
      const session = facts && (await sessions.load(facts.sessionId));
      if (!facts || session?.userId !== facts.userId) throw notFound('export');
      const content = await exports.content(facts.userId, facts.requestId);
      if (!content) throw notFound('export');
      return unzip(content);
    },
  };
}

export type PersonalData = ReturnType<typeof createPersonalData>;
