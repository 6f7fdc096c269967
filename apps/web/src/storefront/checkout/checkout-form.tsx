import { Grid, Paper, Radio, Stack, Text, Textarea, Title } from '@mantine/core';
import { useEffect, useState } from 'react';
import { isRefusal, reasonOf } from '../../lib/errors.ts';
import { checkAndShow } from '../../lib/check-and-show.ts';
import type { RouterOutputs } from '@cartwright/sdk';
import { formatMoney } from '../../lib/money.ts';
import { AddressFields } from './address-fields.tsx';
import { toAddress, useAddressForm } from './address-form.ts';
import type { AddressValues } from './address-form.ts';
import { GuestEmail, useGuestEmail } from './guest-email.tsx';
import { CheckoutSummary } from './checkout-summary.tsx';
import { MethodCard } from './method-card.tsx';
import { SavedAddresses } from './saved-addresses.tsx';
import { usePlaceOrder } from './use-place-order.ts';
import { useQuote } from './use-quote.ts';
import type { PaymentMethod } from './use-quote.ts';

interface CheckoutFormProps {
  cart: RouterOutputs['cart']['get'];
  initialAddress: AddressValues;
  /** Not signed in: asked for an e-mail. */
  isGuest: boolean;
}

const PAYMENT_HINTS: Record<PaymentMethod, string> = {
  stripe_checkout: 'You pay on a secure page and come back here.',
  cash_on_delivery: 'You pay the carrier at your door.',
};

/** Address, shipping, payment and the price of it all, on one page. */
export function CheckoutForm({ cart, initialAddress, isGuest }: CheckoutFormProps) {
  const guest = useGuestEmail();
  const form = useAddressForm(initialAddress);
  const [shippingChoice, setShippingMethod] = useState<string>();
  const [paymentChoice, setPaymentMethod] = useState<PaymentMethod>();
  const [note, setNote] = useState('');
  const { quote, queryKey, isComplete, isCurrent } = useQuote({
    address: form.values,
    email: isGuest ? guest.email : undefined,
    shippingMethod: shippingChoice,
    paymentMethod: paymentChoice,
    cartVersion: cart.version,
  });
  const refusal = reasonOf(quote.error);
  useEffect(() => {
    // What was chosen for another address or cart may not be offered for this one: the shop proposes something else.
    if (refusal === 'SHIPPING_METHOD_UNAVAILABLE') setShippingMethod(undefined);
    if (refusal === 'PAYMENT_METHOD_UNAVAILABLE') setPaymentMethod(undefined);
  }, [refusal]);
  // A price that was refused is none; one that couldn't be asked anew stays, and placing checks it.
  const shown = isComplete && !isRefusal(quote.error) ? quote.data : undefined;
  const shippingMethod = shippingChoice ?? shown?.shippingMethod;
  const paymentMethod = paymentChoice ?? shown?.paymentMethod;
  const placing = usePlaceOrder(queryKey);

  const submit = () => {
    const isWell = checkAndShow(() => {
      const isAnonymous = isGuest && guest.validate().hasErrors;
      return !form.validate().hasErrors && !isAnonymous;
    });
    if (!isWell) return;
    const shippingAddress = toAddress(form.values);
    if (!shippingAddress || !shown) return;
    const email = isGuest ? guest.email : undefined;
    placing.place({ shippingAddress, quote: shown, note: note.trim() || undefined, email });
  };

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Grid gap={{ base: 'lg', md: 40 }} align="flex-start">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack gap="lg">
            <Section step={1} title="Where does it go?">
              {isGuest ? <GuestEmail form={guest} /> : <SavedAddresses form={form} />}
              <AddressFields form={form} />
            </Section>
            <Section step={2} title="How should we ship it?">
              {shown ? (
                <Radio.Group aria-label="Shipping method" value={shippingMethod ?? null} onChange={setShippingMethod}>
                  <Stack gap="sm">
                    {shown.shippingMethods.map((method) => (
                      <MethodCard
                        key={method.id}
                        value={method.id}
                        label={method.label}
                        aside={method.price.amount === 0 ? 'Free' : formatMoney(method.price)}
                      />
                    ))}
                  </Stack>
                </Radio.Group>
              ) : (
                <Waiting isComplete={isComplete} error={quote.error} />
              )}
            </Section>
            <Section step={3} title="How would you like to pay?">
              {shown ? (
                <Radio.Group
                  aria-label="Payment method"
                  value={paymentMethod ?? null}
                  onChange={(value) => setPaymentMethod(shown.paymentMethods.find((method) => method.id === value)?.id)}
                >
                  <Stack gap="sm">
                    {shown.paymentMethods.map((method) => (
                      <MethodCard
                        key={method.id}
                        value={method.id}
                        label={method.label}
                        hint={PAYMENT_HINTS[method.id]}
                      />
                    ))}
                  </Stack>
                </Radio.Group>
              ) : (
                <Waiting isComplete={isComplete} error={quote.error} />
              )}
            </Section>
            <Textarea
              label="A note for us"
              description="Optional: a gate code, a good time, a kind word"
              autosize
              minRows={2}
              maxLength={1_000}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
            />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <CheckoutSummary
            cart={cart}
            quote={shown}
            quoteError={isComplete ? quote.error : null}
            onRetryQuote={() => void quote.refetch()}
            needsQuote={isComplete}
            isPricing={isComplete && (quote.isFetching || !isCurrent)}
            paymentMethod={paymentMethod}
            placing={placing}
          />
        </Grid.Col>
      </Grid>
    </form>
  );
}

function Section({ step, title, children }: { step: number; title: string; children: React.ReactNode }) {
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} component="section" aria-labelledby={`step-${step}`}>
      <Title order={2} size="h3" mb="md" id={`step-${step}`}>
        <Text span inherit c="dimmed" mr={8}>
          {step}
        </Text>
        {title}
      </Title>
      {children}
    </Paper>
  );
}

function Waiting({ isComplete, error }: { isComplete: boolean; error: unknown }) {
  return (
    <Text size="sm" c="dimmed">
      {!isComplete
        ? 'Fill in your address first: what’s possible and what it costs depends on it.'
        : error
          ? 'We can’t say yet: the price couldn’t be worked out.'
          : 'Looking up what’s possible…'}
    </Text>
  );
}
