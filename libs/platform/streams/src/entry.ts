/** An entry of a stream. One object is shared by all followers in this process: nobody may change it. */
export type StreamEntry = {
  readonly kind: 'event';
  /** What clients resume with: `<epoch>_<entry id>`. */
  readonly id: string;
  /** Redis's id (`milliseconds-sequence`). */
  readonly entryId: string;
  readonly epoch: string;
  readonly type: string;
  /** What the entry is about, for followers of some topics only; empty when it concerns all. */
  readonly topic: string;
  /** Parsed when it is first asked for, and once: entries that nobody wants cost no parsing. */
  readonly data: unknown;
};

export type RawEntry = [id: string, fields: string[] | null];

const createEntry = (facts: Omit<StreamEntry, 'kind' | 'id' | 'data'>, json: string): StreamEntry => {
  let parsed: { value: unknown } | undefined;
  return {
    kind: 'event',
    id: formatEventId(facts.epoch, facts.entryId),
    ...facts,
    get data() {
      return (parsed ??= { value: JSON.parse(json) }).value;
    },
  };
};

/** Reads an entry; undefined for one that was deleted or isn't ours. */
export const parseEntry = ([entryId, fields]: RawEntry): StreamEntry | undefined => {
  if (!fields) return undefined;
  const values = new Map<string, string>();
  for (let index = 0; index + 1 < fields.length; index += 2) values.set(fields[index] ?? '', fields[index + 1] ?? '');
  const epoch = values.get('epoch');
  const type = values.get('type');
  const data = values.get('data');
  if (epoch === undefined || type === undefined || data === undefined) return undefined;
  return createEntry({ entryId, epoch, type, topic: values.get('topic') ?? '' }, data);
};

const MESSAGE_FIELDS = 6;

/**
 * Takes an announcement apart: stream, id, epoch, type, topic and data, one a line (JSON has no line breaks of its own).
 * Undefined for anything else.
 */
export const parseMessage = (message: string): { stream: string; entry: () => StreamEntry } | undefined => {
  const end = message.indexOf('\n');
  if (end < 0) return undefined;
  return {
    stream: message.slice(0, end),
    // Most announcements are of streams that nobody follows here.
    entry: () => {
      const [, entryId = '', epoch = '', type = '', topic = '', data = 'null'] = message.split('\n', MESSAGE_FIELDS);
      return createEntry({ entryId, epoch, type, topic }, data);
    },
  };
};

const parts = (id: string): [bigint, bigint] => {
  const [milliseconds = '0', sequence = '0'] = id.split('-');
  return [BigInt(milliseconds), BigInt(sequence)];
};

/** Orders entry ids: negative when `left` is older. */
export const compareEntryIds = (left: string, right: string): number => {
  if (left === right) return 0;
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
