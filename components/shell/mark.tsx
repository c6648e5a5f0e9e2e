/** Our mark: a counter under an arch. Takes the colours of where it stands. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg aria-hidden="true" width={size} height={size} viewBox="0 0 24 24" className="shrink-0">
      <rect width="24" height="24" rx="6" className="fill-accent" />
      <path
        d="M6.5 14.5v-2a5.5 5.5 0 0 1 11 0v2"
        fill="none"
        strokeWidth="2"
        className="stroke-on-accent"
        strokeLinecap="round"
      />
      <path d="M5 18h14" strokeWidth="2" className="stroke-on-accent" strokeLinecap="round" />
      <circle cx="12" cy="13.6" r="1.4" className="fill-on-accent" />
    </svg>
  );
}
