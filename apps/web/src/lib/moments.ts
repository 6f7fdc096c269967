/** The moment of a `datetime-local` field; undefined for none. */
export function momentOf(text: string): Date | undefined {
  const moment = new Date(text);
  return text === '' || Number.isNaN(moment.getTime()) ? undefined : moment;
}

/**
 * A moment as a `datetime-local` field writes it, in the reader's own time; empty for none. Seconds are there where they
 * say something, so that a moment that nobody touches stays what it is.
 */
export function fromMoment(moment: Date | undefined): string {
  if (!moment) return '';
  const digits = (part: number, count = 2): string => String(part).padStart(count, '0');
  const day = [digits(moment.getFullYear(), 4), digits(moment.getMonth() + 1), digits(moment.getDate())].join('-');
  const [seconds, milliseconds] = [moment.getSeconds(), moment.getMilliseconds()];
  const rest =
    milliseconds > 0 ? `:${digits(seconds)}.${digits(milliseconds, 3)}` : seconds > 0 ? `:${digits(seconds)}` : '';
  return `${day}T${digits(moment.getHours())}:${digits(moment.getMinutes())}${rest}`;
}
