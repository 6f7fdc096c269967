import { MongoError } from '../engine/index.ts';
import { compareTimes, type ClusterTime } from '../sessions/clock.ts';
import type { Change } from './change.ts';
import type { ChangeHistory } from './history.ts';
import type { Scope } from './scope.ts';
import type { Start } from './spec.ts';
import { encodeToken, type ResumeToken } from './token.ts';
import type { Doc } from '../bson/index.ts';

/** Where a stream begins to read. */
export interface Beginning {
  /** Number of the first change to look at. */
  readonly number: number;
  /** Changes before this time are passed over: the start may lie in the future. */
  readonly notBefore: ClusterTime;
  /** A change that has been told, but not yet that it ends the stream. */
  readonly invalidatedBy: Change | null;
  /** The token of the place. */
  readonly token: Doc;
}

const DAWN: ClusterTime = { seconds: 0, counter: 0 };

/** The error of a place that the history does not reach back to any more. */
export const historyLost = (): MongoError =>
  new MongoError(286, 'Resume of change stream was not possible, as the resume point may no longer be in the oplog.');

/** The time right behind another. */
export const tickAfter = ({ seconds, counter }: ClusterTime): ClusterTime => ({ seconds, counter: counter + 1 });

/**
 * Finds where a stream begins.
 * @throws MongoError 286 when the history does not reach back to it, 280 when a token is not of this stream.
 */
export function findBeginning(history: ChangeHistory, scope: Scope, start: Start): Beginning {
  const { epoch, lost, last } = history.head();
  if (start.kind === 'now') {
    const time = last === null ? DAWN : tickAfter(last);
    const token = encodeToken(epoch, { kind: 'mark', time, index: 0 });
    return { number: history.end(), notBefore: DAWN, invalidatedBy: null, token };
  }
  if (start.kind === 'token' && start.token.epoch !== epoch) throw historyLost();
  if (start.kind === 'token' && start.token.kind !== 'mark') {
    const number = findChange(history, scope, start.token);
    const change = history.at(number);
    const invalidated = start.token.kind === 'change' && scope.invalidates(change.op);
    return {
      number: number + 1,
      notBefore: DAWN,
      invalidatedBy: invalidated ? change : null,
      token: start.given,
    };
  }
  const time = start.kind === 'time' ? start.time : start.token.time;
  if (lost !== null && compareTimes(time, lost) <= 0) throw historyLost();
  const token = start.kind === 'token' ? start.given : encodeToken(epoch, { kind: 'mark', time, index: 0 });
  return { number: history.find(time), notBefore: time, invalidatedBy: null, token };
}

/** The number of the change that a token stands behind. */
function findChange(history: ChangeHistory, scope: Scope, token: ResumeToken): number {
  for (let number = history.find(token.time); number < history.end(); number++) {
    const { stamp, index, op } = history.at(number);
    if (compareTimes(stamp, token.time) > 0) break;
    if (index === token.index && scope.covers(op)) return number;
  }
  const { lost } = history.head();
  if (lost !== null && compareTimes(token.time, lost) <= 0) throw historyLost();
  throw new MongoError(280, 'cannot resume stream; the resume token was not found.');
}
