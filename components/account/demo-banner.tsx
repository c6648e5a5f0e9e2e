import { TextLink } from "#components/ui/text-link.tsx";

/** The demo says so before anybody types a real password. */
export function DemoBanner() {
  return (
    <aside aria-label="Demo" className="bg-info-soft px-4 py-1.5 text-center text-meta">
      This is a demo on your own machine. Letters it would send are in the{" "}
      <TextLink href="/demo/outbox">outbox</TextLink>.
    </aside>
  );
}
