const WORD = /[\p{L}\p{N}]+/gu;
const MARKS = /\p{M}/gu;
/** What is left of a letter of two UTF-16 units that a word was cut within. */
const HALF_LETTER = /[\uD800-\uDBFF]$/;

/** Splits text into lower-case words without accents, each at most 40 characters: the same for documents and queries. */
export function tokenize(text: string): string[] {
  const plain = text.normalize('NFKD').replace(MARKS, '').toLowerCase();
  return (plain.match(WORD) ?? []).map((word) => word.slice(0, 40).replace(HALF_LETTER, ''));
}

/** The words a product is found by: title, brand, categories and SKUs. */
export function searchTermsOf(product: {
  title: string;
  brand: { name: string } | null;
  categories: readonly { name: string }[];
  variants: readonly { sku: string }[];
}): string[] {
  const texts = [
    product.title,
    product.brand?.name ?? '',
    ...product.categories.map((category) => category.name),
    ...product.variants.map((variant) => variant.sku),
  ];
  const whole = product.variants.map((variant) => variant.sku.toLowerCase());
  return [...new Set([...texts.flatMap(tokenize), ...whole])];
}
