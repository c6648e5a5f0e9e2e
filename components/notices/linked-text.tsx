/** Text with its web addresses as links, for the demo's own mailbox. */
export function LinkedText({ text }: { text: string }) {
  const parts = text.split(/(https?:\/\/[^\s]+)/);
  return parts.map((part, i) =>
    i % 2 === 0 ? (
      part
    ) : (
      <a
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a fixed text never move.
        key={i}
        href={part}
        className="rounded-control break-all text-accent underline decoration-accent/35 underline-offset-3 hover:decoration-accent"
      >
        {part}
      </a>
    ),
  );
}
