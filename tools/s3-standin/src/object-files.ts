import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What is known of an object beside its bytes. */
export interface ObjectFacts {
  key: string;
  size: number;
  contentType: string;
  cacheControl?: string | undefined;
  /** MD5 in hex, without quotes. */
  etag: string;
  modifiedAt: string;
}

interface Entry {
  facts: ObjectFacts;
  /** Name of the file with the bytes, which no other object ever has. */
  body: string;
}

/**
 * Objects in a folder, or in memory without one. An object is there whole or not at all, also when the process is killed
 * while it is written: its bytes go to a file of their own first, and the small file that names them takes its place at
 * once.
 */
export function createObjectFiles({ dataDir }: { dataDir: string | null }) {
  const entries = new Map<string, Entry>();
  const memory = new Map<string, Buffer>();
  const file = (...parts: string[]): string => path.join(dataDir ?? '', ...parts);
  const factsFile = (key: string): string => file('facts', `${createHash('sha256').update(key).digest('hex')}.json`);

  if (dataDir !== null) {
    for (const folder of ['facts', 'bodies']) mkdirSync(file(folder), { recursive: true, mode: 0o700 });
    for (const name of readdirSync(file('facts')).filter((each) => each.endsWith('.json'))) {
      const entry = JSON.parse(readFileSync(file('facts', name), 'utf8')) as Entry;
      entries.set(entry.facts.key, entry);
    }
    const named = new Set([...entries.values()].map(({ body }) => body));
    for (const name of readdirSync(file('bodies'))) if (!named.has(name)) rmSync(file('bodies', name));
  }

  function dropBody({ body }: Entry): void {
    if (dataDir === null) memory.delete(body);
    else rmSync(file('bodies', body), { force: true });
  }

  return {
    /** Keeps an object in place of the one that had its key. */
    put(key: string, bytes: Buffer, about: Pick<ObjectFacts, 'contentType' | 'cacheControl'>): ObjectFacts {
      const etag = createHash('md5').update(bytes).digest('hex');
      const facts = { key, size: bytes.byteLength, ...about, etag, modifiedAt: new Date().toISOString() };
      const entry: Entry = { facts, body: randomUUID() };
      const before = entries.get(key);
      if (dataDir === null) memory.set(entry.body, bytes);
      else {
        writeFileSync(file('bodies', entry.body), bytes, { mode: 0o600 });
        const half = `${factsFile(key)}.${entry.body}.half`;
        writeFileSync(half, JSON.stringify(entry), { mode: 0o600 });
        renameSync(half, factsFile(key));
      }
      entries.set(key, entry);
      if (before) dropBody(before);
      return facts;
    },

    facts: (key: string): ObjectFacts | undefined => entries.get(key)?.facts,

    bytes(key: string): Buffer {
      const { body = '' } = entries.get(key) ?? {};
      return dataDir === null ? (memory.get(body) ?? Buffer.alloc(0)) : readFileSync(file('bodies', body));
    },

    /** One that isn't there is no error. */
    remove(key: string): void {
      const entry = entries.get(key);
      if (!entry) return;
      entries.delete(key);
      if (dataDir !== null) rmSync(factsFile(key), { force: true });
      dropBody(entry);
    },

    /** Those whose keys begin with this and come after another key, in the order of their bytes. */
    list(prefix: string, after: string): ObjectFacts[] {
      const order = (left: ObjectFacts, right: ObjectFacts) =>
        Buffer.compare(Buffer.from(left.key), Buffer.from(right.key));
      const found = [...entries.values()].map(({ facts }) => facts).filter(({ key }) => key.startsWith(prefix));
      return found.toSorted(order).filter(({ key }) => Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0);
    },
  };
}

export type ObjectFiles = ReturnType<typeof createObjectFiles>;
