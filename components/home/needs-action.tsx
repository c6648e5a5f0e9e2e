import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";

export type Need = { id: string; tone: "warn" | "bad" | "info"; text: string; label: string; href: string };

/** What waits for someone, most urgent first. Nothing to do shows nothing. */
export function NeedsAction({ needs }: { needs: readonly Need[] }) {
  if (needs.length === 0) return null;
  return (
    <section aria-label="Needs attention" className="flex flex-col gap-2">
      {needs.map((need) => (
        <Notice
          key={need.id}
          tone={need.tone}
          action={
            <LinkButton size="small" href={need.href}>
              {need.label}
            </LinkButton>
          }
        >
          {need.text}
        </Notice>
      ))}
    </section>
  );
}
