import { randomId } from './ids.ts';
import type { Delivery, ScheduledTask, StripeEvent } from './objects.ts';
import type { Store } from './store.ts';

/** The API version events are rendered in; the one the pinned official SDK speaks. */
export const API_VERSION = '2026-10-28.endive';

/** What every part of the stand-in works with. */
export interface Context {
  store: Store;
  livemode: boolean;
  /** Where browsers reach the hosted pages, without a slash at the end. */
  publicUrl: () => string;
  shopName: string;
  /** Unix milliseconds of the stand-in's clock, which tests can move forward. */
  nowMs(): number;
  /** The same in seconds, as API objects carry it. */
  now(): number;
  /** Real time, for signatures and delivery retries. */
  realNowMs(): number;
}

/** Where a change came from: the API request that made it, or nothing for what happens by itself or on the page. */
export interface Origin {
  requestId: string | null;
  idempotencyKey: string | null;
}

export const NO_REQUEST: Origin = { requestId: null, idempotencyKey: null };

/** The object id of this mode: `cs_test_…`, or `cs_live_…` under a live key. */
export function modeId(context: Context, prefix: string): string {
  return randomId(`${prefix}_${context.livemode ? 'live' : 'test'}`, 40);
}

/** Records an event with its object as it is now, and its delivery when a webhook URL is set. */
export function emitEvent(
  context: Context,
  origin: Origin,
  type: string,
  object: object,
  previousAttributes?: object,
): StripeEvent {
  const { store } = context;
  const url = store.get('settings', 'webhookUrl');
  const event: StripeEvent = {
    id: randomId('evt'),
    object: 'event',
    api_version: API_VERSION,
    created: context.now(),
    data: { object, ...(previousAttributes ? { previous_attributes: previousAttributes } : {}) },
    livemode: context.livemode,
    pending_webhooks: typeof url === 'string' ? 1 : 0,
    request: { id: origin.requestId, idempotency_key: origin.idempotencyKey },
    type,
  };
  store.put('events', event.id, event);
  if (typeof url === 'string') queueDelivery(context, event, url);
  return event;
}

/** Puts one delivery of an event in the queue (held back when deliveries are on hold). */
export function queueDelivery(context: Context, event: StripeEvent, url: string): Delivery {
  const { store } = context;
  const delay = store.get('settings', 'deliveryDelayMs');
  const held = store.get('settings', 'holdDeliveries');
  const now = context.realNowMs();
  const delivery: Delivery = {
    id: randomId('whd'),
    event: event.id,
    type: event.type,
    url,
    status: typeof held === 'string' && event.type.startsWith(held) ? 'held' : 'pending',
    attempts: 0,
    created: now,
    next_attempt_at: now + (typeof delay === 'number' ? delay : 0),
    last_status: null,
    last_error: null,
  };
  store.put('deliveries', delivery.id, delivery);
  return delivery;
}

/** Lets something happen by itself `afterMs` from now. */
export function schedule(context: Context, task: Omit<ScheduledTask, 'id' | 'due'>, afterMs: number): void {
  const id = randomId('task');
  context.store.put('tasks', id, { id, due: context.nowMs() + afterMs, ...task });
}
