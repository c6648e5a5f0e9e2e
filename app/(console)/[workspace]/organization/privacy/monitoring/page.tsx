import { PrivacyTabs, privacyBase } from "#app/(console)/[workspace]/organization/privacy/privacy-tabs.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { MonitoringTable } from "#components/privacy/monitoring-table.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { env } from "#lib/core/env.ts";
import { monitoringMonths } from "#lib/domain/abuse/counts/queries.ts";

const monitoring = page({
  can: "privacy.read",
  title: "Monitoring",
  description: "What is done to find breaches of the terms (T-4.2.2-ABUSE), counted month by month (UTC).",
  load: monitoringMonths,
  head: (_, ctx) => ({
    tabs: <PrivacyTabs ctx={ctx} current="monitoring" />,
    action: (
      <LinkButton download href={`${privacyBase(ctx)}/monitoring/csv`}>
        Download CSV
      </LinkButton>
    ),
  }),
  view: (months, ctx) => (
    <>
      <Looking model={env().ABUSE_MODEL} />
      <MonitoringTable months={months} />
      <p className="text-ui text-text-soft">
        Nothing of a workspace under zero retention is scanned or opened; for those only figures are compared, and a
        warning about an unusual one goes to you alone. What was opened, and by whom, is in the{" "}
        <TextLink href={`/${ctx.workspaceId}/organization/audit?action=abuse.open-item`}>audit log</TextLink>. The sums
        of all customers are <TextLink href="/legal/transparency">published by year</TextLink>.
      </p>
    </>
  ),
});

/** Says what looks now, and as plainly that nothing does. */
function Looking({ model }: { model: string | undefined }) {
  if (model === undefined)
    return (
      <Notice tone="neutral" title="No model looks at what you ask">
        Rules of ours are looked for in what is kept for 30 days, refused answers are counted, and figures are compared
        with your own.
      </Notice>
    );
  return (
    <Notice tone="neutral" title={`The model ${model} looks at 1 % of your requests`}>
      While staff have an open item about you, it looks at all of them. Rules of ours are looked for as well, refused
      answers are counted, and figures are compared with your own.
    </Notice>
  );
}

export const { generateMetadata } = monitoring;
export default monitoring.default;
