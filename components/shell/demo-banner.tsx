import Link from "next/link";

/** Says on every page that nothing here is real, and where its letters are. */
export function DemoBanner() {
  return (
    <aside
      aria-label="Demo"
      className="bg-info-soft px-4 py-1.5 text-center lg:mt-2 lg:rounded-sheet text-meta text-info"
    >
      This is a demo with sample data. Letters it would send are kept in the{" "}
      <Link href="/demo/outbox" className="rounded-small underline underline-offset-2">
        outbox
      </Link>
      .
    </aside>
  );
}
