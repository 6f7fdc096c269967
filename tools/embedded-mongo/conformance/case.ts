import { Double, type Document } from 'mongodb';

/** Stands for the collection of the case; `%c_x` is a further one. Replaced wherever a text holds it. */
export const C = '%c';
/** Stands for the id of the cursor that the last reply left open. */
export const CURSOR = '%cursor';
/** A session of the case's own. */
export const SESSION = '%session';

/** What a server has to offer for a case. Those it lacks are found out before the first case. */
export type Need = 'sessions' | 'ttl' | 'collMod';

/**
 * One case: documents that are there to begin with, and commands run one after the other. The replies, errors included,
 * and what the collection holds in the end are compared.
 */
export interface ConformanceCase {
  readonly name: string;
  readonly documents: readonly Document[];
  readonly commands: readonly Document[];
  /** Also compares the documents or the index definitions that are left. */
  readonly then?: 'documents' | 'indexes';
  /** Waits until the collection holds that many documents before it is looked at: for what the server does by itself. */
  readonly settlesAt?: number;
  readonly needs?: Need;
  /** Texts of errors are compared as well, not only their codes. */
  readonly messages?: boolean;
}

export interface CaseGroup {
  readonly name: string;
  readonly cases: readonly ConformanceCase[];
}

/** The group's name in front of the names of its cases. */
export const group = (name: string, cases: readonly ConformanceCase[]): CaseGroup => ({
  name,
  cases: cases.map((item) => ({ ...item, name: `${name}: ${item.name}` })),
});

type Documents = readonly Document[];
type Extra = Partial<Omit<ConformanceCase, 'name' | 'documents' | 'commands'>>;

/** Commands as they are. A command with `$db` goes to that database. */
export const commands = (
  name: string,
  documents: Documents,
  list: readonly Document[],
  extra: Extra = {},
): ConformanceCase => ({ name, documents, commands: list, ...extra });

/** A find in the order of _id, unless the options say otherwise. */
export const find = (
  name: string,
  documents: Documents,
  filter: Document,
  options: Document = {},
): ConformanceCase => ({
  name,
  documents,
  commands: [{ find: C, filter, sort: { _id: 1 }, ...options }],
});

/** An update of one document, unless the options say `multi`; the documents are compared as well. */
export const update = (
  name: string,
  documents: Documents,
  q: Document,
  u: Document | readonly Document[],
  options: Document = {},
): ConformanceCase => ({
  name,
  documents,
  commands: [{ update: C, updates: [{ q, u, ...options }] }],
  then: 'documents',
});

export const aggregate = (
  name: string,
  documents: Documents,
  pipeline: readonly Document[],
  options: Document = {},
): ConformanceCase => ({ name, documents, commands: [{ aggregate: C, pipeline, cursor: {}, ...options }] });

export const findAndModify = (
  name: string,
  documents: Documents,
  command: Document,
  options: Document = {},
): ConformanceCase => ({
  name,
  documents,
  commands: [{ findAndModify: C, ...command, ...options }],
  then: 'documents',
});

/** Makes indexes over the documents, one command for each; replies and definitions are compared. */
export const indexes = (name: string, documents: Documents, ...lists: readonly Document[][]): ConformanceCase => ({
  name,
  documents,
  commands: lists.map((list) => ({ createIndexes: C, indexes: list })),
  then: 'indexes',
});

/** A double with a whole value, which the driver would otherwise send as an integer. */
export const double = (value: number): Double => new Double(value);

export const day = (text: string): Date => new Date(`${text}T00:00:00Z`);
