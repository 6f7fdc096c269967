import type { ChangeStream, Document } from 'mongodb';

/** How long the server waits for news in tests: a stream that has nothing answers soon. */
export const SOON = { maxAwaitTimeMS: 20 };

/** Opens the stream on the server: drivers do it with the first question. */
export async function opened<T extends ChangeStream>(stream: T): Promise<T> {
  await stream.tryNext();
  return stream;
}

/** The next events, in their order. */
export async function take(stream: ChangeStream, count: number): Promise<Document[]> {
  const events: Document[] = [];
  while (events.length < count) events.push(await stream.next());
  return events;
}

/** What events are about, in short: `insert 1`. */
export const inShort = (events: readonly Document[]): string[] =>
  events.map(({ operationType, documentKey }) =>
    documentKey === undefined ? String(operationType) : `${operationType} ${documentKey._id}`,
  );
