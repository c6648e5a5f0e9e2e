import { ButtonForm } from "#components/ui/button-form.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { Look } from "#lib/domain/staff/access/view.ts";

/** At the top of every desk while a person looks at customers, so that no one forgets it. */
export function LookBar({ looks, now, close }: { looks: readonly Look[]; now: Date; close: Action<void> }) {
  if (looks.length === 0) return null;
  return (
    <section aria-label="Open looks" className="mx-auto flex max-w-table flex-col gap-2 px-4 pt-4 sm:px-6">
      {looks.map(({ id, organizationId, organizationName, words, endsAt }) => (
        <Notice
          key={id}
          tone="warn"
          title={`You look at ${organizationName}`}
          action={<ButtonForm button="End look" values={{ organizationId }} act={close} />}
        >
          “{words}” It ends <Time at={endsAt} now={now} />.
        </Notice>
      ))}
    </section>
  );
}
