import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Time } from "#components/ui/time.tsx";
import type { PendingSubprocessor } from "#lib/domain/subprocessors/view.ts";

type Props = { pending: readonly PendingSubprocessor[]; href: string };

/** On every page from the notice until one is added for this customer. */
export const SubprocessorBanner = ({ pending, href }: Props) =>
  pending.map(({ id, name, startsAt }) => (
    <section key={id} aria-label="New subprocessor" className="px-4 pt-4 sm:px-6">
      <Notice
        tone="info"
        title={
          <>
            {name} will process personal data for us from <Time at={startsAt} form="date" />
          </>
        }
        action={
          <LinkButton size="small" href={href}>
            See what you can do
          </LinkButton>
        }
      >
        Until then you can object, or end the agreement.
      </Notice>
    </section>
  ));
