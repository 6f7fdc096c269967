import type { Cartwright } from '@cartwright/sdk';
import type Stripe from 'stripe';
import type { Cluster } from '../cluster.ts';
import type { Lock } from './lock.ts';
import type { OrderedLine } from './steps.ts';

/** One intent to order: what the shop acknowledged for it, and why it said no, in milliseconds of this process. */
export interface Intention {
  readonly key: string;
  /** Whose cart, in which state: it can be ordered once. */
  readonly cart: string;
  readonly wanted: readonly OrderedLine[];
  /** The total that was quoted, in minor units. */
  readonly quoted: number;
  readonly orderIds: Set<string>;
  /** When the first acknowledgement had come. */
  acknowledgedAt: number;
  /** With when the call began that was refused: a refusal frees the key, so a later call may still order. */
  readonly refusals: { readonly reason: string; readonly askedAt: number }[];
}

/** Where a round is played. */
export interface Stage {
  readonly cluster: Cluster;
  readonly stripe: Stripe;
  /** Held by whoever holds or disturbs webhooks, which are those of all rounds. */
  readonly webhooks: Lock;
  /** Held by whoever ends a process and starts it anew: two rounds may have chosen the same. */
  readonly restarts: Lock;
  /** A member of staff, with a client of each instance. */
  readonly office: readonly Cartwright[];
  readonly slugs: readonly string[];
  readonly variants: readonly string[];
  readonly couponId: string;
  readonly couponCode: string;
  /** When the round began. */
  readonly since: Date;
  /** What is tried again is tried until then, and what is begun late for some seconds more. */
  readonly until: number;
  readonly intentions: Intention[];
  readonly onProblem: (problem: string) => void;
}
