/** A cart wheel in the shop's colours, drawn, not loaded. */
export function HeroArt({ className }: { className?: string | undefined }) {
  const spokes = Array.from({ length: 12 }, (_, index) => index * 30);
  return (
    <svg viewBox="0 0 400 340" className={className} aria-hidden="true">
      <g transform="translate(210 170)">
        <circle r="160" fill="none" stroke="#e29c73" strokeWidth="13" />
        <circle r="144" fill="none" stroke="rgb(255 255 255 / 22%)" strokeWidth="3" />
        {spokes.map((angle) => (
          <g key={angle} transform={`rotate(${angle})`}>
            <path d="M-4.500 -34 L-7 -92 L-4.500 -146 L4.500 -146 L7 -92 L4.500 -34 Z" fill="rgb(255 255 255 / 88%)" />
          </g>
        ))}
        <circle r="40" fill="#e29c73" />
        <circle r="27" fill="#1d4a3b" />
        <circle r="10" fill="#f6e0d3" />
      </g>
    </svg>
  );
}
