import { page } from "#app/doors/workspace-page.tsx";
import { AuditDifference } from "#components/audit/audit-difference.tsx";
import { AuditFacts, AuditLink } from "#components/audit/audit-facts.tsx";
import { Card } from "#components/ui/card.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { auditEvent } from "#lib/domain/audit/queries.ts";
import { differences } from "#lib/domain/audit/rules.ts";
import { objectName } from "#lib/domain/audit/view.ts";
import { objectNames } from "#lib/domain/audit/words/queries.ts";
import { changeWords } from "#lib/domain/audit/words/rules.ts";
import { myWorkspaces } from "#lib/domain/organizations/queries.ts";

const auditRow = page({
  can: "audit.read",
  title: "Audit row",
  load: async (ctx, { params }) => {
    const row = await auditEvent(ctx, params.event ?? "");
    const [workspaces, names] = await Promise.all([myWorkspaces(ctx), objectNames(ctx, [row.objectId])]);
    const place = workspaces.find(({ workspace }) => workspace.id === row.workspaceId);
    return { row, names, workspaceName: place?.workspace.name ?? null };
  },
  name: ({ row, names }) => `${objectName(row, names)} · ${changeWords(row)}`,
  head: ({ row }, ctx) => ({
    description: `Row ${row.sequence} of the audit log.`,
    action: <TextLink href={`/${ctx.workspaceId}/organization/audit`}>Back to the audit log</TextLink>,
  }),
  view: ({ row, workspaceName }) => {
    const changed = differences(row.before, row.after);
    return (
      <>
        <Card>
          <AuditFacts row={row} workspaceName={workspaceName} />
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
      </>
    );
  },
});

export const { generateMetadata } = auditRow;
export default auditRow.default;
