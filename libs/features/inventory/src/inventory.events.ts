import { defineEvent } from '@cartwright/platform-outbox';
import { z } from 'zod';

/**
 * The stock of variants changed. Carries no figures: whoever reacts reads the levels of that moment, so late and
 * repeated deliveries do no harm.
 */
export const stockChanged = defineEvent({
  type: 'stock.changed',
  version: 1,
  payload: z.object({ variantIds: z.array(z.string()).max(500) }),
});
