import { Text } from '@mantine/core';
import { choose, valueState } from '../../lib/option-matrix.ts';
import type { ChoosableVariant, ProductOption, Selection } from '../../lib/option-matrix.ts';
import classes from './product.module.css';

interface OptionPickerProps {
  option: ProductOption;
  variants: readonly ChoosableVariant[];
  selection: Selection;
  onSelect: (selection: Selection) => void;
}

const STATE_HINTS = { available: '', sold_out: ', sold out', missing: ', not made with your other choices' };

/** One option's values as a radio group: sold-out ones struck through, combinations that aren't made disabled. */
export function OptionPicker({ option, variants, selection, onSelect }: OptionPickerProps) {
  const chosen = selection[option.name];
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
      <Text component="legend" size="sm" p={0}>
        <b>{option.name}</b> <span style={{ color: 'var(--cw-muted)' }}>{chosen}</span>
      </Text>
      <div className={classes['values']}>
        {option.values.map((value) => {
          const state = valueState(variants, selection, { option: option.name, value });
          return (
            <label key={value} className={classes['value']} data-state={state}>
              <input
                type="radio"
                name={option.name}
                value={value}
                checked={chosen === value}
                disabled={state === 'missing'}
                aria-label={`${value}${STATE_HINTS[state]}`}
                onChange={() => onSelect(choose(variants, selection, { option: option.name, value }))}
              />
              <span aria-hidden>{value}</span>
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
