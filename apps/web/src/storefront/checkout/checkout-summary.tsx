import { Alert, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import type { RouterOutputs } from '@cartwright/sdk';
import { reasonOf } from '../../lib/errors.ts';
import { wordsForReason } from '../../lib/reasons.ts';
import { formatMoney, lineSubtotal } from '../../lib/money.ts';
import { TextLink } from '../../ui/links.tsx';
import { PriceSteps } from '../../ui/price-steps.tsx';
import { ProductImage } from '../../ui/product-image.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { PlacementRefusal } from './placement-refusal.tsx';
import type { Placing, Quote } from './use-place-order.ts';
import type { PaymentMethod } from './use-quote.ts';
import classes from './checkout.module.css';

interface CheckoutSummaryProps {
  cart: RouterOutputs['cart']['get'];
  quote: Quote | undefined;
  quoteError: unknown;
  onRetryQuote: () => void;
  isPricing: boolean;
  /** The address is there, so that there must be a price before the order can be placed. */
  needsQuote: boolean;
  paymentMethod: PaymentMethod | undefined;
  placing: Placing;
}

/** The articles, the live price and the button that places the order. */
export function CheckoutSummary(props: CheckoutSummaryProps) {
  const { cart, quote, quoteError, onRetryQuote, isPricing, needsQuote, paymentMethod, placing } = props;
  const busy = placing.isPending || placing.isLeaving;
  return (
    <Paper p="lg" component="section" aria-labelledby="order-summary" className={classes['summary']}>
      <Stack gap="md">
        <Group justify="space-between" align="baseline">
          <Title order={2} size="h3" id="order-summary">
            Your order
          </Title>
          <TextLink to="/cart" size="sm">
            Edit cart
          </TextLink>
        </Group>
        <ul className={classes['lines']}>
          {cart.lines.map((line) => (
            <Group key={line.lineId} component="li" gap="sm" wrap="nowrap">
              <ProductImage image={line.product.image} alt="" size={48} />
              <div style={{ flex: 1, minWidth: 0 }}>
                <Text size="sm" truncate>
                  {line.product.title}
                </Text>
                <Text size="xs" c="dimmed" truncate>
                  {[`${line.quantity} ×`, ...Object.values(line.product.options)].join(' ')}
                </Text>
              </div>
              <Text size="sm" className="cw-numeric">
                {formatMoney(lineSubtotal(line))}
              </Text>
            </Group>
          ))}
        </ul>
        {quoteError && !quote ? (
          // Once is enough where placing was refused for the same.
          reasonOf(quoteError) !== reasonOf(placing.error) && (
            <ErrorState title="We couldn’t work out the price" error={quoteError} onRetry={onRetryQuote} />
          )
        ) : quote ? (
          <>
            <PriceSteps
              steps={quote.pricing.steps}
              total={quote.pricing.total}
              includedTax={quote.pricing.includedTax}
              stale={isPricing}
            />
            {quote.coupon?.applied === false && (
              <Text size="xs" c="dimmed" data-testid="coupon-not-counted">
                {quote.coupon.code} isn’t counted: {wordsForReason(quote.coupon.reason)}
              </Text>
            )}
          </>
        ) : (
          <>
            <PriceSteps steps={cart.pricing.steps} total={cart.pricing.total} />
            <Text size="xs" c="dimmed">
              {needsQuote
                ? 'Working out shipping and tax…'
                : 'Shipping and tax follow as soon as we know your address.'}
            </Text>
          </>
        )}
        <PlacementRefusal cart={cart} quote={quote} placing={placing} isPricing={isPricing} />
        <Button
          type="submit"
          size="lg"
          loading={busy}
          disabled={needsQuote && (quote === undefined || isPricing)}
          leftSection={<IconLock size={17} />}
          data-testid="place-order"
        >
          {paymentMethod === 'cash_on_delivery' ? 'Place order' : 'Place order and pay'}
        </Button>
        {placing.isLeaving && (
          <Alert color="pine" role="status">
            Your order is placed. Taking you to the payment…
          </Alert>
        )}
        <Text size="xs" c="dimmed" ta="center">
          The articles are held for you as soon as the order is placed.
        </Text>
      </Stack>
    </Paper>
  );
}
