/** The widths, in pixels, in which the shop makes pictures that were uploaded. */
const WIDTHS = [160, 480, 960, 1_600];
const UPLOADED = /^(.*\/pictures\/[^/]+\/)(\d{1,4})\.webp$/;

/**
 * The addresses under which a picture of a product is there in smaller widths, the narrowest first, as `srcset` wants them;
 * only itself, without a width, for a picture that never was uploaded. Follows from the address alone.
 */
export function pictureVariants(url: string): { url: string; width?: number }[] {
  const [, folder = '', digits = ''] = UPLOADED.exec(url) ?? [];
  const widest = Number(digits);
  if (widest === 0) return [{ url }];
  const narrower = WIDTHS.filter((width) => width < widest);
  return [...narrower, widest].map((width) => ({ url: `${folder}${width}.webp`, width }));
}
