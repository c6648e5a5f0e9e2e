import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Time } from "#components/ui/time.tsx";
import { daysUntil } from "#lib/domain/publications/rules.ts";
import type { PendingChange } from "#lib/domain/terms/view.ts";

type Props = { changes: readonly PendingChange[]; now: Date; href: string };

/** T-7-SUB: on every page from the notice until the change holds. */
export const ChangeBanner = ({ changes, now, href }: Props) =>
  changes.map(({ id, title, version, startsAt, agreedBy }) => (
    <section key={id} aria-label="Changed terms" className="px-4 pt-4 sm:px-6">
      <Notice
        tone="info"
        title={
          <>
            {title}: version {version} holds from <Time at={startsAt} form="date" />, in {daysUntil(startsAt, now)}
          </>
        }
        action={
          <LinkButton size="small" href={href}>
            Read what changes
          </LinkButton>
        }
      >
        {agreedBy ? `${agreedBy.name} agreed for the organization. ` : null}
        Until then you can end the agreement if you do not agree.
      </Notice>
    </section>
  ));
