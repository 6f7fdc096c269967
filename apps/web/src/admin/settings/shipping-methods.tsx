import { ActionIcon, Button, Group, Modal, Table, Text } from '@mantine/core';
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTrpc } from '../../app/shop-context.tsx';
import { formatMoney } from '../../lib/money.ts';
import { SettingsSection, useSettingsChanged, type Method, type Settings, type TaxClass } from './settings-section.tsx';
import { ShippingForm } from './shipping-form.tsx';

interface ShippingMethodsProps {
  settings: Settings;
  methods: readonly Method[];
  classes: readonly TaxClass[];
}

/** The ways to ship. There is always one. */
export function ShippingMethods({ settings, methods, classes }: ShippingMethodsProps) {
  const [opened, open] = useState<Method | 'new'>();
  const remove = useMutation(useTrpc().admin.shipping.methods.remove.mutationOptions(useSettingsChanged()));
  const { currency } = settings;
  const close = () => open(undefined);
  return (
    <SettingsSection
      id="shipping"
      title="Shipping methods"
      text="Flat, and free from a sum on where you say so."
      action={
        <Button variant="default" leftSection={<IconPlus size={17} />} onClick={() => open('new')}>
          New method
        </Button>
      }
    >
      <Table.ScrollContainer minWidth={620}>
        <Table aria-label="Shipping methods" verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Method</Table.Th>
              <Table.Th>Price</Table.Th>
              <Table.Th>Free from</Table.Th>
              <Table.Th>Countries</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody className="cw-numeric">
            {methods.map((method) => (
              <Table.Tr key={method.id} data-testid="shipping-method">
                <Table.Td>
                  <Text size="sm" fw={600}>
                    {method.label}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {method.id}
                  </Text>
                </Table.Td>
                <Table.Td>{formatMoney({ amount: method.amount, currency })}</Table.Td>
                <Table.Td>
                  {method.freeFrom === undefined ? '–' : formatMoney({ amount: method.freeFrom, currency })}
                </Table.Td>
                <Table.Td>{method.countries?.join(', ') ?? 'all'}</Table.Td>
                <Table.Td>
                  <Group gap={4} justify="flex-end" wrap="nowrap">
                    <ActionIcon variant="subtle" aria-label={`Edit ${method.label}`} onClick={() => open(method)}>
                      <IconPencil size={17} />
                    </ActionIcon>
                    <ActionIcon
                      variant="subtle"
                      color="red.8"
                      aria-label={`Delete ${method.label}`}
                      disabled={methods.length === 1 || remove.isPending}
                      onClick={() => remove.mutate({ id: method.id })}
                    >
                      <IconTrash size={17} />
                    </ActionIcon>
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Modal
        opened={opened !== undefined}
        onClose={close}
        title={opened === 'new' || !opened ? 'New shipping method' : `Edit ${opened.label}`}
        centered
      >
        {opened && (
          <ShippingForm
            settings={settings}
            classes={classes}
            method={opened === 'new' ? undefined : opened}
            onDone={close}
          />
        )}
      </Modal>
    </SettingsSection>
  );
}
