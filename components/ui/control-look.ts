/** What every text control has in common. */
export const controlLook =
  "w-full rounded-control border border-control bg-surface px-2.5 text-body text-text transition-colors duration-150 focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0 disabled:cursor-not-allowed disabled:bg-sunken disabled:text-text-faint aria-invalid:border-bad aria-invalid:focus-visible:outline-bad";
