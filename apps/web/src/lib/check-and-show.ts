import { flushSync } from 'react-dom';

/**
 * Checks what was filled in and goes to the first field that is wrong: on a long page, or a phone, its error is out of sight
 * of the button. `check` says whether all is well and marks what isn't. Returns what it said.
 */
export function checkAndShow(check: () => boolean): boolean {
  // Fields are marked with the next drawing of the page; only then the first one can be found.
  const isWell = flushSync(check);
  if (!isWell) document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  return isWell;
}
