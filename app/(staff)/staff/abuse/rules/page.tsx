import type { Metadata } from "next";
import { approve, end, propose } from "#app/(staff)/staff/abuse/actions.ts";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { deskContext } from "#app/doors/session.ts";
import { RuleFields, RuleList } from "#components/abuse/rule-list.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { personOf } from "#lib/core/access/person.ts";
import { deskRules } from "#lib/domain/abuse/expressions/queries.ts";

export const metadata: Metadata = { title: "Rules · Abuse" };

export default async function RulesPage() {
  const ctx = await deskContext("/staff/abuse/rules");
  if (!can(ctx.actor, "abuse.read")) return <NoDesk />;
  const canDecide = can(ctx.actor, "abuse.decide");
  return (
    <Page width="table">
      <PageHeader
        title="Rules"
        description="Expressions that are looked for in what customers ask. One person writes a version, another puts it in force. Customers see names and versions, not expressions."
        action={
          <>
            <TextLink href="/staff/abuse">Back to items</TextLink>
            {canDecide ? (
              <FormDialog creates trigger="New rule" title="New rule" submit="Propose rule" action={propose}>
                <RuleFields />
              </FormDialog>
            ) : null}
          </>
        }
      />
      <RuleList
        rules={await deskRules(ctx)}
        person={personOf(ctx.actor).id}
        canDecide={canDecide}
        approve={approve}
        end={end}
      />
    </Page>
  );
}
