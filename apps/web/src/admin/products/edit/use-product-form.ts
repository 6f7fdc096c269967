import { useCallback, useMemo, useState } from 'react';
import { compact } from '../../../lib/search-params.ts';
import type { FieldErrors, ProductValues, VariantValues } from './product-values.ts';

export type ChangeVariant = (key: string, change: Partial<VariantValues>) => void;

/**
 * The state of the form for a product. Rows of variants stay the same objects until they change themselves, so that a
 * hundred of them needn't be drawn with each letter.
 */
export function useProductForm(initial: ProductValues) {
  const [saved, setSaved] = useState(initial);
  const [values, setValues] = useState(initial);
  const [errors, setErrors] = useState<FieldErrors>({});

  const change = useCallback((changes: Partial<ProductValues>) => {
    setValues((before) => ({ ...before, ...changes }));
    setErrors((before) => withoutBelow(before, Object.keys(changes)));
  }, []);
  const changeVariant: ChangeVariant = useCallback((key, changes) => {
    setValues((before) => ({
      ...before,
      variants: before.variants.map((variant) => (variant.key === key ? { ...variant, ...changes } : variant)),
    }));
    // Which row it is may have changed since the errors came.
    setErrors((before) => withoutBelow(before, ['variants']));
  }, []);
  const reset = useCallback((next: ProductValues) => {
    setSaved(next);
    setValues(next);
    setErrors({});
  }, []);

  const isDirty = useMemo(() => values !== saved && JSON.stringify(values) !== JSON.stringify(saved), [values, saved]);
  return { values, errors, setErrors, change, changeVariant, reset, isDirty };
}

export type ProductForm = ReturnType<typeof useProductForm>;

function withoutBelow(errors: FieldErrors, names: readonly string[]): FieldErrors {
  const left = Object.entries(errors).filter(
    ([path]) => !names.some((name) => path === name || path.startsWith(`${name}.`)),
  );
  return left.length === Object.keys(errors).length ? errors : Object.fromEntries(left);
}

/** What is wrong with a field, as Mantine's inputs take it. */
export const errorOf = (errors: FieldErrors, path: string) => compact({ error: errors[path] });
