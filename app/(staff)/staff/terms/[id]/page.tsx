import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { announce, approve, withdraw } from "#app/(staff)/staff/terms/actions.ts";
import { found } from "#app/doors/found.ts";
import { deskContext } from "#app/doors/session.ts";
import { DocumentDiff } from "#components/terms/document-diff.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormSelect, FormText, FormTextarea } from "#components/ui/form-fields.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { noticeRunsOf } from "#lib/domain/notices/legal/queries.ts";
import type { RunProgress } from "#lib/domain/notices/legal/view.ts";
import { announceInput } from "#lib/domain/publications/input.ts";
import { publicationTexts } from "#lib/domain/publications/queries.ts";
import { earliestDate, stateWords } from "#lib/domain/publications/rules.ts";
import type { Publication } from "#lib/domain/publications/view.ts";
import { diffOf } from "#lib/domain/terms/diff/rules.ts";

export const metadata: Metadata = { title: "Version of a document" };

/** One version, what it changes, and the decision about it. */
export default async function PublicationDesk({ params }: { params: Promise<{ id: string }> }) {
  const asked = announceInput.safeParse(await params);
  if (!asked.success) notFound();
  const ctx = await deskContext(`/staff/terms/${asked.data.id}`);
  if (!can(ctx.actor, "terms.decide")) return <NoDesk />;
  const { publication, title, body, before } = await found(publicationTexts(ctx, asked.data.id));
  const runs = can(ctx.actor, "letters.read") ? await noticeRunsOf(ctx) : [];
  const run = runs.find(({ aboutId }) => aboutId === publication.id);
  return (
    <Page>
      <PageHeader
        title={`${title}, version ${publication.version}`}
        description={`${stateWords[publication.state]}. ${publication.summary ?? ""}`}
      />
      <Decision publication={publication} now={ctx.now} />
      {run ? <Letters run={run} /> : null}
      <Card
        title="What changes"
        description={before === null ? "The first version." : "Against the version before it."}
      >
        <DocumentDiff rows={diffOf(before ?? "", body)} />
      </Card>
    </Page>
  );
}

function Decision({ publication: { id, state, plannedAt }, now }: { publication: Publication; now: Date }) {
  if (state !== "draft" && state !== "approved") return null;
  return (
    <Card
      title="Decision"
      description={
        state === "draft"
          ? "A substantial change needs a second person, and letters 30 days before it holds."
          : `Approved for ${plannedAt?.toISOString() ?? ""}. Another person announces it.`
      }
      footer={
        <div className="flex flex-wrap items-center gap-3">
          {state === "approved" ? (
            <ButtonForm button="Announce to customers" values={{ id }} size="normal" act={announce} />
          ) : null}
          <FormDialog trigger="Approve" title="Approve this version" submit="Approve" hidden={{ id }} action={approve}>
            <FormSelect label="The change is" name="change" options={changes} />
            <FormTextarea label="What changes" name="summary" help="Customers read it in the letter." />
            <FormText
              label="Holds from"
              name="plannedAt"
              help={`Of a substantial change. The earliest is ${earliestDate(now).toISOString()}.`}
            />
          </FormDialog>
          <ButtonForm button="Withdraw" values={{ id }} size="normal" act={withdraw} />
        </div>
      }
    />
  );
}

const changes = [
  { value: "substantial", label: "Substantial: customers are told, and can end the agreement" },
  { value: "non_substantial", label: "Not substantial: it holds at once" },
];

const Letters = ({ run: { posted, given, undelivered, effectiveAt } }: { run: RunProgress }) => (
  <Card
    title="Letters"
    description={`${posted} customers written to, ${given} notices given, ${undelivered} not delivered. ${
      effectiveAt ? `Holds for those from ${effectiveAt.toISOString()}.` : "Letters are under way."
    }`}
  />
);
