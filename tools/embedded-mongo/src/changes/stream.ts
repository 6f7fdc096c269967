import { Doc, encodeDoc } from '../bson/index.ts';
import { formatDoc, identicalValues, MongoError } from '../engine/index.ts';
import { compareTimes } from '../sessions/clock.ts';
import type { Store } from '../storage/state.ts';
import { MAX_REPLY_DOCUMENT_BYTES } from '../wire/messages.ts';
import type { Change } from './change.ts';
import { createEvent, createInvalidation, describeChange } from './event.ts';
import type { ChangeHistory } from './history.ts';
import { addImages } from './images.ts';
import type { Scope } from './scope.ts';
import type { WatchSpec } from './spec.ts';
import { findBeginning, historyLost, tickAfter } from './start.ts';
import { encodeToken, type Position } from './token.ts';

/** What one reading of a stream gave. */
export interface Reading {
  readonly batch: readonly Uint8Array[];
  /** Where a client resumes that has taken the batch. */
  readonly token: Doc;
  /** The stream has ended. */
  readonly closed: boolean;
  /** There is more that has settled: the reading stopped because the batch is full or took its time. */
  readonly more: boolean;
}

export interface ChangeStream {
  /** Reads up to `count` events of what has settled. @throws MongoError 286 when it fell behind the history. */
  read(count: number): Reading;
}

const BATCH_BYTES = 16 * 1024 * 1024;

/** Changes looked at in one go, so that a stream that nothing passes does not hold up other clients. */
const STEP = 1000;

/** Opens a stream over the history. `pipeline` shapes an event, or takes it out with null. */
export function createChangeStream(options: {
  history: ChangeHistory;
  store: Store;
  scope: Scope;
  spec: WatchSpec;
  pipeline: (event: Doc) => Doc | null;
}): ChangeStream {
  const { history, store, scope, spec, pipeline } = options;
  const { epoch } = history.head();
  const beginning = findBeginning(history, scope, spec.start);
  const { notBefore } = beginning;
  let { number, invalidatedBy, token } = beginning;
  let closed = false;

  /** The encoded event of a change, or null when the client does not get it. */
  function eventOf(change: Change): Buffer | null {
    if (compareTimes(change.stamp, notBefore) < 0 || !scope.covers(change.op)) return null;
    const description = describeChange(change, spec.expanded);
    if (description === null) return null;
    const id = encodeToken(epoch, positionOf('change', change));
    const event = createEvent(id, change, description, spec.expanded);
    const failure = addImages(event, change, spec, store);
    const shaped = shape(event, id);
    if (shaped !== null && failure !== null) throw failure;
    return shaped;
  }

  function shape(event: Doc, id: Doc): Buffer | null {
    const shaped = pipeline(event);
    if (shaped === null) return null;
    if (!identicalValues(shaped.get('_id'), id)) throw changedToken(id, shaped);
    const encoded = encodeDoc(shaped);
    if (encoded.length > MAX_REPLY_DOCUMENT_BYTES) throw tooLarge(encoded.length);
    return encoded;
  }

  /** The token behind everything that has been looked at. `told` is the last change the client was told of. */
  function mark(told: Change | null, seen: Change): Doc {
    if (told === seen) return encodeToken(epoch, positionOf('change', seen));
    const next = number < history.settled() ? history.at(number).stamp : tickAfter(seen.stamp);
    // Within a transaction there is no place between two changes but behind one that was told.
    const time = compareTimes(next, seen.stamp) > 0 ? next : seen.stamp;
    if (told !== null && compareTimes(told.stamp, time) >= 0) return encodeToken(epoch, positionOf('change', told));
    // A start in the future stays where it is: what comes before it must not be told after a resumption either.
    const later = compareTimes(time, notBefore) > 0 ? time : notBefore;
    return encodeToken(epoch, { kind: 'mark', time: later, index: 0 });
  }

  function end(change: Change, batch: Uint8Array[]): void {
    const id = encodeToken(epoch, positionOf('invalidate', change));
    const event = shape(createInvalidation(id, change), id);
    if (event !== null) batch.push(event);
    token = id;
    closed = true;
  }

  /** The last change the client was told of, as long as the stream is open. */
  let told: Change | null = null;

  return {
    read(count) {
      const batch: Uint8Array[] = [];
      let bytes = 0;
      let seen: Change | null = null;
      let looked = 0;
      while (!closed && batch.length < count && looked < STEP) {
        if (invalidatedBy !== null) {
          end(invalidatedBy, batch);
          break;
        }
        if (number < history.oldest()) throw historyLost();
        if (number >= history.settled()) break;
        const change = history.at(number);
        const event = eventOf(change);
        if (event !== null && batch.length > 0 && bytes + event.length > BATCH_BYTES) break;
        looked += 1;
        number += 1;
        seen = change;
        if (event !== null) {
          batch.push(event);
          bytes += event.length;
          told = change;
        }
        if (scope.covers(change.op) && scope.invalidates(change.op) && isTold(change)) invalidatedBy = change;
      }
      // Behind a change that ends the stream, and was not told itself, a client would wait for the end in vain.
      const endMissed = invalidatedBy !== null && told !== seen;
      if (!closed && seen !== null && !endMissed) token = mark(told, seen);
      return { batch, token, closed, more: !closed && (invalidatedBy !== null || number < history.settled()) };
    },
  };

  function isTold(change: Change): boolean {
    return compareTimes(change.stamp, notBefore) >= 0 && describeChange(change, spec.expanded) !== null;
  }
}

const positionOf = (kind: Position['kind'], { stamp, index }: Change): Position => ({ kind, time: stamp, index });

function changedToken(id: Doc, event: Doc): MongoError {
  const found = event.get('_id');
  return new MongoError(
    280,
    'Encountered an event whose _id field, which contains the resume token, was modified by the pipeline. Modifying the ' +
      '_id field of an event makes it impossible to resume the stream from that point. Only transformations that retain ' +
      `the unmodified _id field are allowed. Expected: ${formatDoc(Doc.of(['_id', id]))} but found: ` +
      formatDoc(found === undefined ? new Doc() : Doc.of(['_id', found])),
  );
}

const tooLarge = (bytes: number): MongoError =>
  new MongoError(
    10334,
    `BSONObj size: ${bytes} (0x${bytes.toString(16).toUpperCase()}) is invalid. Size must be between 0 and ${MAX_REPLY_DOCUMENT_BYTES}(16MB)`,
  );
