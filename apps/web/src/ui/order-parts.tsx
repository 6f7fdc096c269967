import { Divider, Group, Paper, Stack, Text, Timeline, Title } from '@mantine/core';
import type { ComponentType } from 'react';
import type { RouterOutputs } from '@cartwright/sdk';
import { formatMoney } from '../lib/money.ts';
import { formatDateTime } from '../lib/dates.ts';
import { FULFILLMENT_WORDS, PAYMENT_METHOD_WORDS, PAYMENT_WORDS } from '../lib/order-words.ts';
import { AddressBlock } from './address-block.tsx';
import { TextLink } from './links.tsx';
import { PriceSteps } from './price-steps.tsx';
import { ProductImage } from './product-image.tsx';

type Order = RouterOutputs['orders']['byId'];

/** The articles of an order and how its price came about. */
export function OrderLines({
  order,
  more: More,
}: {
  order: Order;
  more?: ComponentType<{ line: Order['lines'][number] }>;
}) {
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} component="section" aria-labelledby="order-lines">
      <Title order={2} size="h3" mb="md" id="order-lines">
        Articles
      </Title>
      <Stack gap="md" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {order.lines.map((line) => (
          <Group key={line.lineId} component="li" gap="md" wrap="nowrap" align="flex-start">
            <ProductImage image={line.product.image} alt="" size={64} />
            <div style={{ flex: 1, minWidth: 0 }}>
              <TextLink to="/p/$slug" params={{ slug: line.product.slug }} size="sm" fw={600} c="inherit">
                {line.product.title}
              </TextLink>
              <Text size="xs" c="dimmed">
                {Object.values(line.product.options).join(' · ')}
              </Text>
              <Text size="xs" c="dimmed">
                {line.quantity} × {formatMoney(line.unitPrice)} · SKU {line.product.sku}
              </Text>
              {More && <More line={line} />}
            </div>
            <Text size="sm" fw={600} className="cw-numeric">
              {formatMoney(line.subtotal)}
            </Text>
          </Group>
        ))}
      </Stack>
      <Divider my="md" />
      <PriceSteps steps={order.pricing.steps} total={order.total} includedTax={order.pricing.includedTax} />
    </Paper>
  );
}

/** Payment, parcel and addresses of an order. */
export function OrderFacts({ order }: { order: Order }) {
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} component="section" aria-label="Delivery and payment">
      <Stack gap="md">
        <Fact label="Delivery to">
          <AddressBlock address={order.shippingAddress} />
        </Fact>
        <Fact label="Shipping">
          <Text size="sm">{order.shippingMethod.label}</Text>
          <Text size="sm" c="dimmed">
            {FULFILLMENT_WORDS[order.fulfillmentStatus]}
          </Text>
        </Fact>
        <Fact label="Payment">
          <Text size="sm">{PAYMENT_METHOD_WORDS[order.paymentMethod]}</Text>
          <Text size="sm" c="dimmed" data-testid="payment-status">
            {PAYMENT_WORDS[order.paymentStatus]}
          </Text>
        </Fact>
        {order.coupon && (
          <Fact label="Coupon">
            <Text size="sm">{order.coupon.code}</Text>
          </Fact>
        )}
        {order.note && (
          <Fact label="Note">
            <Text size="sm">{order.note}</Text>
          </Fact>
        )}
      </Stack>
    </Paper>
  );
}

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed" mb={2}>
        {label}
      </Text>
      {children}
    </div>
  );
}

/** What happened when, oldest first. */
export function OrderTimeline({ order }: { order: Order }) {
  return (
    <Paper p={{ base: 'md', sm: 'lg' }} component="section" aria-labelledby="order-timeline">
      <Title order={2} size="h3" mb="md" id="order-timeline">
        History
      </Title>
      <Timeline active={order.timeline.length - 1} bulletSize={14} lineWidth={2} color="pine" data-testid="timeline">
        {order.timeline.map((entry, index) => (
          <Timeline.Item
            key={index}
            title={
              <Text size="sm" fw={600} lh={1.3}>
                {entry.text}
              </Text>
            }
          >
            <Text size="xs" c="dimmed" component="time" dateTime={entry.at.toISOString()}>
              {formatDateTime(entry.at)}
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </Paper>
  );
}
