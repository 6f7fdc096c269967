import { Button, Checkbox, Fieldset, Group, Modal, NumberInput, Stack, Switch, Text, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { newIdempotencyKey } from '@cartwright/sdk';
import type { RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { currencySymbol, fractionDigits, toMinor } from '../../lib/money-input.ts';
import { formatMoney } from '../../lib/money.ts';
import { refundSaid } from '../../lib/order-words.ts';
import { refundWish } from '../../lib/refund-wish.ts';
import { InlineError } from '../../ui/states.tsx';
import { PieceFields, type PieceCounts } from '../../ui/piece-fields.tsx';
import { RefundPreview } from './refund-preview.tsx';
import { useOrderStep } from './use-order-step.ts';

type Order = RouterOutputs['admin']['orders']['byId'];
type Line = Order['lines'][number];

/** What the dialog begins with: the pieces of a return. Whether they go on the shelf is said as they come back. */
export interface RefundStart {
  counts: PieceCounts;
  reason: string;
}

export const leftOf = ({ quantity, progress }: Line) => quantity - progress.refunded;

/** Money back: pieces, shipping and an amount, or all that is left; with what it comes to as it is put together. */
export function RefundDialog({ order, start, onClose }: { order: Order; start?: RefundStart; onClose: () => void }) {
  const trpc = useTrpc();
  const { currency } = order.total;
  const [full, setFull] = useState(false);
  const [counts, setCounts] = useState<PieceCounts>(start?.counts ?? {});
  const [restock, setRestock] = useState(false);
  const [shipping, setShipping] = useState(false);
  const [typed, setTyped] = useState<number | string>('');
  const [reason, setReason] = useState(start?.reason ?? '');
  const [isAllowed, setIsAllowed] = useState(false);
  const [idempotencyKey, setKey] = useState(newIdempotencyKey);
  const refund = useMutation(trpc.admin.orders.refund.mutationOptions(useOrderStep(refundSaid, onClose)));
  const wish = refundWish(order, { full, counts, restock, shipping, amount: toMinor(typed, currency) });
  const change = <T,>(set: (value: T) => void) => {
    return (value: T) => {
      set(value);
      // Another wish is another intent.
      setKey(newIdempotencyKey());
      refund.reset();
    };
  };
  return (
    <Modal opened onClose={onClose} title={`Give money back of ${order.number}`} centered size="lg">
      <Stack data-testid="refund-dialog">
        <Text size="sm" c="dimmed">
          {formatMoney(order.refundable)} of {formatMoney(order.total)} can be given back.
        </Text>
        {/* Whoever changed something while it is sent would give it back twice. */}
        <Fieldset variant="unstyled" p={0} disabled={refund.isPending}>
          <Stack>
            <Switch
              label="All that is left"
              checked={full}
              onChange={(event) => change(setFull)(event.currentTarget.checked)}
            />
            {!full && (
              <>
                <PieceFields lines={order.lines} maximumOf={leftOf} counts={counts} onChange={change(setCounts)} />
                {!start && (
                  <Checkbox
                    label="Sent pieces are back and go on sale again"
                    description="Pieces that were not sent yet go on sale again by themselves"
                    checked={restock}
                    onChange={(event) => change(setRestock)(event.currentTarget.checked)}
                  />
                )}
                {order.pricing.shipping && order.pricing.shipping.total.amount > 0 && (
                  <Checkbox
                    label={`Shipping (${formatMoney(order.pricing.shipping.total)})`}
                    checked={shipping}
                    onChange={(event) => change(setShipping)(event.currentTarget.checked)}
                  />
                )}
                <NumberInput
                  label="An amount on top"
                  description="As goodwill, whatever it is for"
                  prefix={currencySymbol(currency)}
                  decimalScale={fractionDigits(currency)}
                  min={0}
                  allowNegative={false}
                  w={200}
                  value={typed}
                  onChange={change(setTyped)}
                />
              </>
            )}
            <Textarea
              label="Why"
              description="For the shop alone"
              required
              autosize
              maxLength={500}
              value={reason}
              onChange={(event) => change(setReason)(event.currentTarget.value)}
            />
          </Stack>
        </Fieldset>
        {wish && <RefundPreview order={order} wish={wish} onAllowed={setIsAllowed} />}
        <InlineError error={refund.error} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Not now
          </Button>
          <Button
            color="red.8"
            disabled={!wish || !isAllowed || reason.trim() === ''}
            loading={refund.isPending}
            onClick={() => wish && refund.mutate({ ...wish, reason, idempotencyKey })}
          >
            Give it back
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
