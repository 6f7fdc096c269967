/** The shop's mark: a cart wheel. Decorative; the link around it carries the name. */
export function Logo({ size = 30 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <g fill="none" stroke="currentColor" strokeWidth="2.2">
        <circle cx="16" cy="16" r="13" />
        <path d="M16 3v26M4.7 9.500l22.600 13M4.700 22.500l22.600-13" strokeWidth="1.900" />
      </g>
      <circle cx="16" cy="16" r="4" fill="var(--mantine-color-clay-4)" stroke="var(--cw-surface)" strokeWidth="1.600" />
    </svg>
  );
}
