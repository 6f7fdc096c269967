import type { IncomingMessage, ServerResponse } from 'node:http';
import { queueDelivery, type Context } from '../core/context.ts';
import type { Delivery } from '../core/objects.ts';
import type { Fault, Faults } from '../http/faults.ts';
import { readBody, sendJson } from '../http/messages.ts';
import { settlePayment } from '../resources/checkout-payment.ts';
import { appealDispute, closeDispute, openDispute } from '../resources/disputes.ts';
import { REFUND_OUTCOMES, settleRefund } from '../resources/refunds.ts';
import type { Dispatcher } from '../webhooks/dispatcher.ts';

type Input = Record<string, unknown>;
type Action = (input: Input) => Promise<object> | object;

/** Answers `POST /_control/<action>` with JSON: everything a test needs that the real Stripe decides by itself. */
export function createControlApi(options: {
  context: Context;
  dispatcher: Dispatcher;
  faults: Faults;
  tick: () => void;
}) {
  const { context, dispatcher, faults, tick } = options;
  const { store } = context;

  const actions: Record<string, Action> = {
    /** {id (session or payment intent), outcome} ends a delayed payment. */
    'settle-payment': (input) => {
      const settled = settlePayment(context, textOf(input, 'id'), outcomeOf(input));
      dispatcher.wake();
      return { settled: settled !== null };
    },
    /** {id, outcome} moves a refund on: ends a pending one, lets one that succeeded fail or wait for the buyer. */
    'settle-refund': (input) => {
      const settled = settleRefund(context, textOf(input, 'id'), refundOutcomeOf(input));
      dispatcher.wake();
      return { settled: settled !== null };
    },
    /** {paymentIntent, amount?}: the buyer's bank wants the money back. */
    'open-dispute': (input) => {
      const { amount } = input;
      const intent = textOf(input, 'paymentIntent');
      const dispute = openDispute(context, intent, typeof amount === 'number' ? amount : undefined);
      if (!dispute) throw new ControlError('There is no such payment.');
      dispatcher.wake();
      return { id: dispute.id };
    },
    /** {id, outcome: 'won' | 'lost'} ends a dispute. */
    'close-dispute': (input) => {
      const closed = closeDispute(context, textOf(input, 'id'), input['outcome'] === 'lost' ? 'lost' : 'won');
      dispatcher.wake();
      return { closed: closed !== null };
    },
    /** {id} appeals against the outcome of a dispute. */
    'appeal-dispute': (input) => {
      const appealed = appealDispute(context, textOf(input, 'id'));
      dispatcher.wake();
      return { appealed: appealed !== null };
    },
    /** {status: 'pending' | 'succeeded'} for the refund made next. */
    'next-refund': (input) => setting('nextRefundStatus', input['status'] === 'pending' ? 'pending' : 'succeeded'),
    /** {amount} is added to the total of the session made next, which is then wrong. */
    'skew-next-total': (input) => setting('nextTotalSkew', numberOf(input, 'amount', 0)),
    /** {id, amountTotal?, currency?} changes an open session behind the shop's back. */
    'alter-session': (input) => {
      const session = store.get('sessions', textOf(input, 'id'));
      if (!session) throw new ControlError('There is no such session.');
      store.transaction(() =>
        store.put('sessions', session.id, {
          ...session,
          amount_total: numberOf(input, 'amountTotal', session.amount_total),
          currency: typeof input['currency'] === 'string' ? input['currency'] : session.currency,
        }),
      );
      return {};
    },
    /** {url, secrets?} where webhooks go from now on; null stops them. */
    'set-webhook': (input) => {
      const { url, secrets } = input;
      store.transaction(() => {
        store.put('settings', 'webhookUrl', typeof url === 'string' ? url : false);
        if (Array.isArray(secrets)) store.put('settings', 'webhookSecrets', secrets.join(','));
      });
      return {};
    },
    /** {types?} New deliveries wait until they are released: all, or those whose type begins so. */
    hold: (input) => setting('holdDeliveries', typeof input['types'] === 'string' ? input['types'] : ''),
    /** {order: 'created' | 'reverse' | 'shuffle' | [event or delivery ids], keepHolding?} sends what is held, one by one. */
    release: async (input) => {
      if (input['keepHolding'] !== true) setting('holdDeliveries', false);
      const released = inOrder(
        store.list('deliveries').filter((row) => row.status === 'held'),
        input['order'],
      );
      await dispatcher.deliverInOrder(released.map((row) => row.id));
      return { released: released.map((row) => row.event) };
    },
    /** {ms} between an event and its first delivery. */
    delay: (input) => setting('deliveryDelayMs', numberOf(input, 'ms', 0)),
    /** {event, times?} delivers an event again. */
    redeliver: (input) => {
      const event = store.get('events', textOf(input, 'event'));
      const url = store.get('settings', 'webhookUrl');
      if (!event) throw new ControlError('There is no such event.');
      if (typeof url !== 'string') throw new ControlError('No webhook URL is set.');
      const times = numberOf(input, 'times', 1);
      const ids = store.transaction(() => Array.from({ length: times }, () => queueDelivery(context, event, url).id));
      dispatcher.wake();
      return { deliveries: ids };
    },
    /** Tries everything that waits for its next attempt at once. */
    'retry-now': () => {
      dispatcher.retryNow();
      return {};
    },
    /** Drops every undelivered webhook, as if it was lost for good. */
    'drop-deliveries': () =>
      store.transaction(() => {
        const rows = store.list('deliveries');
        for (const row of rows) store.remove('deliveries', row.id);
        return { dropped: rows.length };
      }),
    /** {when, kind, count?, match?, delayMs?}: the next matching API calls fail. */
    fail: (input) => {
      faults.add({
        when: input['when'] === 'after' ? 'after' : 'before',
        kind: faultKind(input['kind']),
        count: numberOf(input, 'count', 1),
        match: typeof input['match'] === 'string' ? input['match'] : '',
        delayMs: numberOf(input, 'delayMs', 1000),
      });
      return {};
    },
    'clear-failures': () => {
      faults.clear();
      return {};
    },
    /** {seconds} moves the stand-in's clock forward; what became due happens at once. */
    'advance-clock': (input) => {
      const offset = store.get('settings', 'clockOffsetMs');
      setting('clockOffsetMs', (typeof offset === 'number' ? offset : 0) + numberOf(input, 'seconds', 0) * 1000);
      tick();
      return { now: context.now() };
    },
    deliveries: () => ({ deliveries: [...store.list('finishedDeliveries'), ...store.list('deliveries')] }),
  };

  function setting(name: string, value: string | number | boolean): object {
    store.transaction(() => store.put('settings', name, value));
    return {};
  }

  return async function handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const action = actions[url.pathname.slice('/_control/'.length)];
    if (!action) {
      sendJson(response, 404, { error: `There is no such action. Actions: ${Object.keys(actions).join(', ')}` });
      return;
    }
    try {
      const body = await readBody(request);
      const input: unknown = body === '' ? {} : JSON.parse(body);
      const result = await action(typeof input === 'object' && input !== null ? { ...input } : {});
      sendJson(response, 200, result);
    } catch (error) {
      if (!(error instanceof ControlError) && !(error instanceof SyntaxError)) throw error;
      sendJson(response, 400, { error: error.message });
    }
  };
}

class ControlError extends Error {}

function textOf(input: Input, name: string): string {
  const value = input[name];
  if (typeof value !== 'string') throw new ControlError(`"${name}" must be a string.`);
  return value;
}

function numberOf(input: Input, name: string, otherwise: number): number {
  const value = input[name] ?? otherwise;
  if (typeof value !== 'number') throw new ControlError(`"${name}" must be a number.`);
  return value;
}

function outcomeOf(input: Input): 'succeeded' | 'failed' {
  return input['outcome'] === 'failed' ? 'failed' : 'succeeded';
}

function refundOutcomeOf(input: Input): (typeof REFUND_OUTCOMES)[number] {
  const outcome = REFUND_OUTCOMES.find((candidate) => candidate === input['outcome']);
  if (!outcome) throw new ControlError(`"outcome" must be one of ${REFUND_OUTCOMES.join(', ')}.`);
  return outcome;
}

function faultKind(value: unknown): Fault['kind'] {
  const kinds: readonly Fault['kind'][] = ['disconnect', 'hang', 'http_500', 'kept_500', 'http_429', 'delay'];
  const kind = kinds.find((candidate) => candidate === value);
  if (!kind) throw new ControlError(`"kind" must be one of ${kinds.join(', ')}.`);
  return kind;
}

function inOrder(rows: Delivery[], order: unknown): Delivery[] {
  if (order === 'reverse') return rows.toReversed();
  if (order === 'shuffle') {
    const keyed = rows.map((row) => ({ row, key: Math.random() }));
    return keyed.sort((a, b) => a.key - b.key).map(({ row }) => row);
  }
  if (!Array.isArray(order)) return rows;
  return order.flatMap((id: unknown) => rows.find((row) => row.id === id || row.event === id) ?? []);
}
