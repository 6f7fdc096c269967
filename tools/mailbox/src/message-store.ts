import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A mail as it was received. */
export interface StoredMessage {
  id: string;
  /** ISO 8601. */
  receivedAt: string;
  from: string;
  /** The addresses of the envelope: everybody who got it. */
  to: string[];
  subject: string;
  messageId: string | null;
  text: string;
  html: string | null;
}

const KEEP = 2000;

/**
 * Keeps messages in memory and, given a folder, as one file each (written aside and renamed, so a kill leaves none in
 * halves). The oldest beyond 2,000 are dropped.
 */
export function createMessageStore(options: { dataDir: string | null }) {
  const { dataDir } = options;
  const messages = new Map<string, StoredMessage>();
  if (dataDir !== null) load(dataDir);

  function load(folder: string): void {
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder).sort()) {
      if (!name.endsWith('.json')) continue;
      try {
        const message = JSON.parse(readFileSync(join(folder, name), 'utf8')) as StoredMessage;
        messages.set(message.id, message);
      } catch {
        // A file somebody damaged is no reason not to start.
      }
    }
  }

  function drop(id: string): void {
    messages.delete(id);
    if (dataDir !== null) rmSync(join(dataDir, `${id}.json`), { force: true });
  }

  return {
    add(message: Omit<StoredMessage, 'id' | 'receivedAt'>): StoredMessage {
      const now = new Date();
      const id = `${now.getTime().toString(16).padStart(12, '0')}${randomBytes(6).toString('hex')}`;
      const stored: StoredMessage = { id, receivedAt: now.toISOString(), ...message };
      if (dataDir !== null) {
        const file = join(dataDir, `${id}.json`);
        writeFileSync(`${file}.new`, JSON.stringify(stored, null, 2));
        renameSync(`${file}.new`, file);
      }
      messages.set(id, stored);
      for (const oldest of messages.keys()) {
        if (messages.size <= KEEP) break;
        drop(oldest);
      }
      return stored;
    },

    get: (id: string): StoredMessage | undefined => messages.get(id),

    /** Newest first; with `to`, those sent to an address that contains it. */
    list(filter: { to?: string | undefined } = {}): StoredMessage[] {
      const wanted = filter.to?.trim().toLowerCase() ?? '';
      const all = [...messages.values()].reverse();
      return wanted === '' ? all : all.filter((message) => message.to.some((address) => address.includes(wanted)));
    },

    clear(): void {
      for (const id of [...messages.keys()]) drop(id);
    },
  };
}

export type MessageStore = ReturnType<typeof createMessageStore>;
