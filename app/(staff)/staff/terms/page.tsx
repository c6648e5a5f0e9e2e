import type { Metadata } from "next";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { deskContext } from "#app/doors/session.ts";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormSelect, FormTextarea } from "#components/ui/form-fields.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { publicationsOf } from "#lib/domain/publications/queries.ts";
import { stateWords } from "#lib/domain/publications/rules.ts";
import { documentKinds } from "#lib/domain/terms/input.ts";
import { draft } from "./actions.ts";

export const metadata: Metadata = { title: "Terms" };

const kinds = documentKinds.map((value) => ({ value, label: value.replace("-", " ") }));

/** Every version of every document, and what it waits for. */
export default async function TermsDesk() {
  const ctx = await deskContext("/staff/terms");
  if (!can(ctx.actor, "terms.decide")) return <NoDesk />;
  const publications = await publicationsOf(ctx);
  return (
    <Page>
      <PageHeader
        title="Terms"
        description="Versions of the documents. Files make drafts; people decide what holds, and customers are told (T-7-NS, T-7-SUB)."
        action={
          <FormDialog
            creates
            trigger="New draft"
            title="Draft a version"
            submit="Save draft"
            size="wide"
            action={draft}
          >
            <FormSelect label="Document" name="kind" options={kinds} />
            <FormTextarea
              label="Text"
              name="text"
              rows={14}
              help="With its front matter: version, title, summary and values between two --- lines."
            />
          </FormDialog>
        }
      />
      <Table caption="Versions of the documents" columns={columns}>
        {publications.map(({ id, kind, version, state, change, plannedAt, effectiveAt }) => (
          <Row key={id}>
            <HeadCell>
              <TextLink href={`/staff/terms/${id}`}>
                {kind.replace("-", " ")} {version}
              </TextLink>
            </HeadCell>
            <Cell label="State">{stateWords[state]}</Cell>
            <Cell label="Change">{change?.replace("_", "-") ?? "–"}</Cell>
            <Cell label="From">
              {effectiveAt || plannedAt ? <Time at={effectiveAt ?? plannedAt ?? ctx.now} form="instant" /> : "–"}
            </Cell>
          </Row>
        ))}
      </Table>
    </Page>
  );
}

const columns = [
  { key: "version", label: "Version" },
  { key: "state", label: "State" },
  { key: "change", label: "Change" },
  { key: "from", label: "From" },
] as const;
