/** An entry as it is kept in Redis. `id` is Redis's entry id (`milliseconds-sequence`). */
export type StreamEntry = { id: string; epoch: string; type: string; data: unknown };

export type RawEntry = [id: string, fields: string[] | null];

/** Reads an entry; undefined for one that was deleted or isn't ours. */
export const parseEntry = ([id, fields]: RawEntry): StreamEntry | undefined => {
  if (!fields) return undefined;
  const values = new Map<string, string>();
  for (let index = 0; index + 1 < fields.length; index += 2) values.set(fields[index] ?? '', fields[index + 1] ?? '');
  const epoch = values.get('epoch');
  const type = values.get('type');
  const data = values.get('data');
  if (epoch === undefined || type === undefined || data === undefined) return undefined;
  return { id, epoch, type, data: JSON.parse(data) };
};

const parts = (id: string): [bigint, bigint] => {
  const [milliseconds = '0', sequence = '0'] = id.split('-');
  return [BigInt(milliseconds), BigInt(sequence)];
};

/** Orders entry ids: negative when `left` is older. */
export const compareEntryIds = (left: string, right: string): number => {
  const [leftMs, leftSequence] = parts(left);
  const [rightMs, rightSequence] = parts(right);
  if (leftMs !== rightMs) return leftMs < rightMs ? -1 : 1;
  if (leftSequence !== rightSequence) return leftSequence < rightSequence ? -1 : 1;
  return 0;
};

const EVENT_ID = /^([a-z0-9]{1,32})_(\d{1,16}-\d{1,16})$/;

/** The id a client sees and resumes with. */
export const formatEventId = (epoch: string, entryId: string): string => `${epoch}_${entryId}`;

/** Takes a client's id apart; undefined for anything that can't be one. */
export const parseEventId = (eventId: string): { epoch: string; entryId: string } | undefined => {
  const [, epoch, entryId] = EVENT_ID.exec(eventId) ?? [];
  return epoch === undefined || entryId === undefined ? undefined : { epoch, entryId };
};
