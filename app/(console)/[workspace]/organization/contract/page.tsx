import { denial } from "#app/doors/refused.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { ClauseTable } from "#components/contract/clause-table.tsx";
import { ContractHead } from "#components/contract/contract-head.tsx";
import { DocumentTable, LetterTable, OrderTable, TimelineTable } from "#components/contract/contract-lists.tsx";
import { ValueTable } from "#components/prices/value-table.tsx";
import { Card } from "#components/ui/card.tsx";
import { Downloads } from "#components/ui/downloads.tsx";
import { Segments } from "#components/ui/segments.tsx";
import { plainKeys } from "#lib/domain/contract/keys/rules.ts";
import { contractSources } from "#lib/domain/contract/values/queries.ts";
import { rowsOf } from "#lib/domain/contract/values/view.ts";
import { clauseFilter } from "#lib/domain/register/input.ts";
import { clauseLetters, clauseProofs, clausesOf, signedOrders } from "#lib/domain/register/queries.ts";
import { comingRows, isShown, sortedRows } from "#lib/domain/register/rules.ts";
import { contractHead, contractTimeline, documentsInForce } from "#lib/domain/register/timeline/queries.ts";
import { dataProcessing } from "#lib/domain/terms/data-processing/queries.ts";
import { DataProcessingCard } from "./data-processing.tsx";

const filters = [
  { show: "needs-me", label: "Needs an act" },
  { show: "running", label: "Running" },
  { show: "all", label: "All" },
] as const;

const live = page({
  can: "contract.read",
  title: "Your agreement, live",
  description: "What is agreed, what is true of it now, and what shows it.",
  width: "table",
  load: async (ctx) => {
    const [clauses, head, documents, facts, timeline, orders, letters, proofs, processing, noSign] = await Promise.all([
      clausesOf(ctx),
      contractHead(ctx),
      documentsInForce(ctx),
      contractSources(ctx),
      contractTimeline(ctx),
      signedOrders(ctx),
      clauseLetters(ctx),
      clauseProofs(ctx),
      dataProcessing(ctx),
      denial(ctx, "terms.accept"),
    ]);
    return { clauses, head, documents, facts, timeline, orders, letters, proofs, processing, noSign };
  },
  head: (_, ctx) => ({
    action: <Downloads hrefOf={(format) => `/${ctx.workspaceId}/organization/contract/${format}`} />,
  }),
  view: (
    { clauses, head, documents, facts, timeline, orders, letters, proofs, processing, noSign },
    ctx,
    { search },
  ) => {
    const base = `/${ctx.workspaceId}`;
    const filter = clauseFilter.parse(search);
    const rows = sortedRows(clauses);
    const shown = rows.filter((row) => isShown(row, filter));
    return (
      <>
        <ContractHead head={head} coming={comingRows(clauses, ctx.now)} base={base} />
        <Card
          flush
          id="documents"
          title="Documents in force"
          description="A lower rank goes before a higher one (T-2-PREC)."
        >
          <DocumentTable rows={documents} />
        </Card>
        <DataProcessingCard found={processing} reason={noSign} />
        <Card flush id="values" title="Values" description="What the gate, the invoices and the jobs go by now.">
          <ValueTable
            caption="Contractual values"
            rows={rowsOf(facts, plainKeys, ctx.now)}
            workspaceId={ctx.workspaceId}
          />
        </Card>
        <Card
          flush
          id="clauses"
          title="Clauses"
          description={
            proofs
              ? `Tests as of build ${proofs.build.slice(0, 12)}.`
              : "This build does not say which tests prove them."
          }
          aside={
            <span className="print:hidden">
              <Segments
                label="Clauses shown"
                segments={filters.map(({ show, label }) => ({
                  href: `${base}/organization/contract?show=${show}#clauses`,
                  label: `${label} (${rows.filter((row) => isShown(row, { show })).length})`,
                  current: show === filter.show,
                }))}
              />
            </span>
          }
        >
          {shown.length > 0 ? (
            <ClauseTable rows={shown} proofs={proofs} base={base} />
          ) : (
            <p className="p-4 text-ui text-text-soft">Nothing waits for anyone.</p>
          )}
        </Card>
        <Card
          flush
          id="timeline"
          title="Timeline"
          description="What happened to the agreement, and what is still to come."
        >
          {timeline.length > 0 ? (
            <TimelineTable rows={timeline} />
          ) : (
            <p className="p-4 text-ui text-text-soft">Nothing happened so far.</p>
          )}
        </Card>
        <Card flush id="orders" title="Orders">
          {orders.length > 0 ? (
            <OrderTable rows={orders} base={base} />
          ) : (
            <p className="p-4 text-ui text-text-soft">No purchase order was signed.</p>
          )}
        </Card>
        <Card flush id="letters" title="E-mails" description="The last of those that carried out a clause.">
          {letters.length > 0 ? (
            <LetterTable rows={letters} />
          ) : (
            <p className="p-4 text-ui text-text-soft">None was written so far.</p>
          )}
        </Card>
      </>
    );
  },
});

export const { generateMetadata } = live;
export default live.default;
