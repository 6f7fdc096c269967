/** What is needed of a variant to choose between several. */
export interface ChoosableVariant {
  readonly id: string;
  readonly options: Readonly<Record<string, string>>;
  readonly available: number;
}

export interface ProductOption {
  readonly name: string;
  readonly values: readonly string[];
}

export type Selection = Readonly<Record<string, string>>;

/** One value of one option. */
export interface Choice {
  readonly option: string;
  readonly value: string;
}

export type ValueState = 'available' | 'sold_out' | 'missing';

const matches = (variant: ChoosableVariant, selection: Selection) =>
  Object.entries(selection).every(([name, value]) => variant.options[name] === value);

/** The variant that the choice names, once every option is chosen. */
export function findVariant<V extends ChoosableVariant>(
  options: readonly ProductOption[],
  variants: readonly V[],
  selection: Selection,
): V | undefined {
  if (options.length === 0) return variants[0];
  if (options.some((option) => selection[option.name] === undefined)) return undefined;
  return variants.find((variant) => matches(variant, selection));
}

/**
 * What choosing `value` for an option would lead to, the other options staying as chosen: a variant that can be bought,
 * one that is sold out, or none at all.
 */
export function valueState(
  variants: readonly ChoosableVariant[],
  selection: Selection,
  { option, value }: Choice,
): ValueState {
  const candidates = variants.filter((variant) => matches(variant, { ...selection, [option]: value }));
  if (candidates.length === 0) return 'missing';
  return candidates.some((variant) => variant.available > 0) ? 'available' : 'sold_out';
}

/**
 * The choice after a click. Options that no longer go together with the clicked value move to the first variant that
 * has it, one in stock first, so a click never leads into a dead end.
 */
export function choose(
  variants: readonly ChoosableVariant[],
  selection: Selection,
  { option, value }: Choice,
): Selection {
  const next = { ...selection, [option]: value };
  if (variants.some((variant) => matches(variant, next))) return next;
  const withValue = variants.filter((variant) => variant.options[option] === value);
  const best = withValue.find((variant) => variant.available > 0) ?? withValue[0];
  return best ? { ...best.options } : next;
}

/** Where the page starts: the first variant in stock, or the first at all. */
export function initialSelection(variants: readonly ChoosableVariant[]): Selection {
  const variant = variants.find((candidate) => candidate.available > 0) ?? variants[0];
  return variant ? { ...variant.options } : {};
}
