import { defineEvent } from '@cartwright/platform-outbox';
import { z } from 'zod';

/** Ids in one event; more changes make more events. */
export const CHANGES_MAX = 250;

/**
 * What shoppers see of products changed: price, status, variants. Carries no figures: whoever reacts reads the products of
 * that moment, so late and repeated deliveries do no harm.
 */
export const productsChanged = defineEvent({
  type: 'products.changed',
  version: 1,
  payload: z.object({ productIds: z.array(z.string()).max(CHANGES_MAX) }),
});

/**
 * Products were written in ways that pages showing them needn't hear of: new ones, other words, ratings, units sold. For
 * those who keep something derived from products; they read what is there now.
 */
export const productsStored = defineEvent({
  type: 'products.stored',
  version: 1,
  payload: z.object({ productIds: z.array(z.string()).max(CHANGES_MAX) }),
});
