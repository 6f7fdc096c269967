import { Button, Group, MultiSelect, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useTrpc } from '../../app/shop-context.tsx';
import { currencySymbol, fractionDigits, toMajor, toMinor } from '../../lib/money-input.ts';
import { compact } from '../../lib/search-params.ts';
import { InlineError } from '../../ui/states.tsx';
import { useSettingsChanged, type Method, type Settings, type TaxClass } from './settings-section.tsx';

interface ShippingFormProps {
  settings: Settings;
  classes: readonly TaxClass[];
  /** The one to change; a new one when absent. */
  method: Method | undefined;
  onDone: () => void;
}

export function ShippingForm({ settings, classes, method, onDone }: ShippingFormProps) {
  const trpc = useTrpc();
  const { currency } = settings;
  const form = useForm({
    initialValues: {
      id: method?.id ?? '',
      label: method?.label ?? '',
      amount: method ? toMajor(method.amount, currency) : ('' as number | string),
      freeFrom: method?.freeFrom === undefined ? ('' as number | string) : toMajor(method.freeFrom, currency),
      taxClass: method?.taxClass ?? 'standard',
      countries: method?.countries ?? [],
    },
    validate: {
      id: (id) => (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id) ? null : 'Small letters, digits and hyphens'),
      label: (label) => (label.trim() === '' ? 'What is it called?' : null),
      amount: (amount) => (toMinor(amount, currency) === undefined ? 'What does it cost?' : null),
    },
  });
  const changed = useSettingsChanged(onDone);
  const { methods } = trpc.admin.shipping;
  const create = useMutation(methods.create.mutationOptions(changed));
  const update = useMutation(methods.update.mutationOptions(changed));
  const money = {
    prefix: currencySymbol(currency),
    decimalScale: fractionDigits(currency),
    min: 0,
    hideControls: true,
  };
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ id, label, amount, freeFrom, taxClass, countries }) => {
        const input = {
          ...{ id, label: label.trim(), amount: toMinor(amount, currency) ?? 0, taxClass },
          ...compact({
            freeFrom: toMinor(freeFrom, currency) || undefined,
            countries: countries.length > 0 ? countries : undefined,
          }),
        };
        if (method) update.mutate(input);
        else create.mutate(input);
      })}
    >
      <Stack>
        <TextInput label="Name" required maxLength={80} data-autofocus {...form.getInputProps('label')} />
        <TextInput
          label="Id"
          description="Stays for good: orders name it"
          required
          maxLength={40}
          disabled={method !== undefined}
          {...form.getInputProps('id')}
        />
        <Group grow align="flex-start">
          <NumberInput label="Price" required {...money} {...form.getInputProps('amount')} />
          <NumberInput label="Free from" {...money} {...form.getInputProps('freeFrom')} />
        </Group>
        <Select
          label="Tax class"
          allowDeselect={false}
          data={classes.map(({ id, label }) => ({ value: id, label }))}
          {...form.getInputProps('taxClass')}
        />
        <MultiSelect
          label="Countries"
          placeholder="Everywhere we ship"
          searchable
          clearable
          data={settings.countries.map(({ code, name }) => ({ value: code, label: name }))}
          {...form.getInputProps('countries')}
        />
        <InlineError error={create.error ?? update.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Close
          </Button>
          <Button type="submit" loading={create.isPending || update.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
