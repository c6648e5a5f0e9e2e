import type { Metadata } from "next";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import { found } from "#app/(console)/found.ts";
import { Refused } from "#app/doors/refused.tsx";
import { AuditDifference } from "#components/audit/audit-difference.tsx";
import { AuditFacts, AuditLink } from "#components/audit/audit-facts.tsx";
import { objectName } from "#components/audit/audit-view.ts";
import { Card } from "#components/ui/card.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { auditEvent } from "#lib/domain/audit/queries.ts";
import { differences } from "#lib/domain/audit/rules.ts";
import { objectNames } from "#lib/domain/audit/words/queries.ts";
import { changeWords } from "#lib/domain/audit/words/rules.ts";
import { myWorkspaces } from "#lib/domain/organizations/queries.ts";

export const metadata: Metadata = { title: "Audit row" };

export default async function AuditEventPage({ params }: { params: Promise<{ workspace: string; event: string }> }) {
  const { event: id } = await params;
  const ctx = await enter(params);
  if (!can(ctx.actor, "audit.read")) {
    return (
      <Page>
        <Refused ctx={ctx} permission="audit.read" />
      </Page>
    );
  }
  const row = await found(auditEvent(ctx, id));
  const [workspaces, names] = await Promise.all([myWorkspaces(ctx), objectNames(ctx, [row.objectId])]);
  const changed = differences(row.before, row.after);
  return (
    <Page>
      <PageHeader
        title={`${objectName(row, names)} · ${changeWords(row)}`}
        description={`Row ${row.sequence} of the audit log.`}
        action={<TextLink href={`/${ctx.workspaceId}/organization/audit`}>Back to the audit log</TextLink>}
      />
      <Card>
        <AuditFacts
          row={row}
          workspaceName={workspaces.find(({ workspace }) => workspace.id === row.workspaceId)?.workspace.name ?? null}
        />
      </Card>
      <section aria-labelledby="changed" className="flex flex-col gap-3">
        <h2 id="changed" className="text-body font-semibold">
          What changed
        </h2>
        {changed.length > 0 ? (
          <AuditDifference differences={changed} />
        ) : (
          <p className="text-ui text-text-soft">No values were kept beside the action itself.</p>
        )}
      </section>
      <Card
        title="Its place in the chain"
        description="The hash covers every value of the row and the hash of the row before, so that neither can change unseen."
      >
        <AuditLink row={row} />
      </Card>
    </Page>
  );
}
