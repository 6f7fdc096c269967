import { ActionIcon, Button, Group, NumberInput, Select, Table } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTrpc } from '../../app/shop-context.tsx';
import { InlineError } from '../../ui/states.tsx';
import {
  SettingsSection,
  useSettingsChanged,
  type Settings,
  type TaxClass,
  type TaxRate,
} from './settings-section.tsx';

const EVERYWHERE = 'everywhere';
const percent = { suffix: ' %', min: 0, max: 100, decimalScale: 2, hideControls: true } as const;
const basisPointsOf = (typed: number | string): number => Math.round(Number(typed) * 100);

interface TaxRatesProps {
  settings: Settings;
  rates: readonly TaxRate[];
  classes: readonly TaxClass[];
}

/** Rates by country and class; where a country has none, that for everywhere else counts. */
export function TaxRates({ settings, rates, classes }: TaxRatesProps) {
  const trpc = useTrpc();
  const [shown, show] = useState<string>(EVERYWHERE);
  const places = [
    { value: EVERYWHERE, label: 'Everywhere else' },
    ...settings.countries.map(({ code, name }) => ({ value: code, label: name })),
  ];
  const country = shown === EVERYWHERE ? undefined : shown;
  const here = rates.filter((rate) => rate.country === country);
  const missing = classes.filter(({ id }) => !here.some(({ taxClass }) => taxClass === id));
  const form = useForm({ initialValues: { taxClass: '', percent: '' as number | string } });
  const create = useMutation(trpc.admin.tax.rates.create.mutationOptions(useSettingsChanged(form.reset)));
  return (
    <SettingsSection
      id="tax-rates"
      title="Tax rates"
      text={settings.taxMode === 'inclusive' ? 'Prices contain them.' : 'They are added to prices.'}
      action={
        <Select
          aria-label="Country of the rates"
          searchable
          allowDeselect={false}
          data={places}
          value={shown}
          onChange={(value) => show(value ?? EVERYWHERE)}
        />
      }
    >
      <Table aria-label="Tax rates" verticalSpacing="sm">
        <Table.Tbody>
          {here.map((rate) => (
            <RateRow
              key={`${rate.id} ${rate.basisPoints}`}
              rate={rate}
              label={classes.find(({ id }) => id === rate.taxClass)?.label ?? rate.taxClass}
            />
          ))}
        </Table.Tbody>
      </Table>
      {missing.length > 0 && (
        <form
          noValidate
          onSubmit={form.onSubmit(({ taxClass, percent: typed }) => {
            if (taxClass === '' || typed === '') return;
            create.mutate({
              taxClass,
              basisPoints: basisPointsOf(typed),
              ...(country === undefined ? {} : { country }),
            });
          })}
        >
          <Group mt="sm" align="flex-start">
            <Select
              aria-label="Class of the new rate"
              placeholder="Class"
              data={missing.map(({ id, label }) => ({ value: id, label }))}
              {...form.getInputProps('taxClass')}
            />
            <NumberInput aria-label="The new rate" placeholder="%" {...percent} {...form.getInputProps('percent')} />
            <Button type="submit" variant="default" leftSection={<IconPlus size={17} />} loading={create.isPending}>
              Add rate
            </Button>
          </Group>
          <InlineError error={create.error} />
        </form>
      )}
    </SettingsSection>
  );
}

function RateRow({ rate, label }: { rate: TaxRate; label: string }) {
  const trpc = useTrpc();
  const [typed, type] = useState<number | string>(rate.basisPoints / 100);
  const changed = useSettingsChanged();
  const update = useMutation(trpc.admin.tax.rates.update.mutationOptions(changed));
  const remove = useMutation(trpc.admin.tax.rates.remove.mutationOptions(changed));
  const isChanged = typed !== '' && basisPointsOf(typed) !== rate.basisPoints;
  return (
    <Table.Tr data-testid="tax-rate">
      <Table.Td>{label}</Table.Td>
      <Table.Td>
        <NumberInput aria-label={`Rate of ${label}`} maw={120} {...percent} value={typed} onChange={type} />
      </Table.Td>
      <Table.Td>
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          <Button
            size="xs"
            disabled={!isChanged}
            loading={update.isPending}
            onClick={() => update.mutate({ id: rate.id, basisPoints: basisPointsOf(typed) })}
          >
            Save
          </Button>
          <ActionIcon
            variant="subtle"
            color="red.8"
            aria-label={`Delete the rate of ${label}`}
            loading={remove.isPending}
            onClick={() => remove.mutate({ id: rate.id })}
          >
            <IconTrash size={17} />
          </ActionIcon>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
