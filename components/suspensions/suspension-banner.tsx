import { Elsewhere } from "#components/billing/elsewhere.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { reasonTitles } from "#lib/domain/suspensions/rules.ts";
import type { SeenSuspension } from "#lib/domain/suspensions/view.ts";

type Props = { suspension: Pick<SeenSuspension, "reason"> | null; href: string };

/** At the top of every page while access is suspended. */
export function SuspensionBanner({ suspension, href }: Props) {
  if (!suspension) return null;
  return (
    <Elsewhere than={href}>
      <section aria-label="Suspension" className="flex flex-col gap-2 px-4 pt-4 sm:px-6">
        <Notice
          tone="bad"
          title="Access of this organization is suspended"
          action={
            <LinkButton size="small" href={href}>
              See why
            </LinkButton>
          }
        >
          {reasonTitles[suspension.reason]}. API keys are refused and nothing can be changed; billing and exports stay
          open.
        </Notice>
      </section>
    </Elsewhere>
  );
}
