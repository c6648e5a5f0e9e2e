import { GraduationCap } from "lucide-react";
import { denial } from "#app/doors/refused.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { JobList } from "#components/fine-tuning/job-list.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { jobListFilter } from "#lib/domain/fine-tuning/listing/input.ts";
import { jobPage, lossSparks } from "#lib/domain/fine-tuning/listing/queries.ts";

const fineTuning = page({
  can: "fine-tuning.read",
  title: "Fine-tuning",
  description: "Train a model on your own examples, so that it answers as they do.",
  width: "table",
  load: async (ctx, { search }) => {
    const asked = jobListFilter.parse(search);
    const [page, reason] = await Promise.all([jobPage(ctx, asked), denial(ctx, "fine-tuning.write")]);
    const sparks = await lossSparks(
      ctx,
      page.rows.map(({ id }) => id),
    );
    return { asked, page, sparks, reason };
  },
  head: ({ reason }, ctx) => ({
    action: reason ? (
      <Denied label="Tune a model" reason={reason} />
    ) : (
      <LinkButton emphasis="primary" href={`/${ctx.workspaceId}/fine-tuning/new`}>
        Tune a model
      </LinkButton>
    ),
  }),
  view: ({ asked, page, sparks, reason }, ctx) => (
    <JobList
      jobs={page.rows}
      sparks={sparks}
      range={page}
      asked={asked}
      base={`/${ctx.workspaceId}/fine-tuning`}
      me={ctx.actor.id}
      now={ctx.now}
      empty={
        <EmptyState
          icon={GraduationCap}
          title="No fine-tuning yet"
          action={
            reason ? undefined : (
              <LinkButton href={`/${ctx.workspaceId}/fine-tuning/new`}>Tune the first model</LinkButton>
            )
          }
        >
          Give examples of questions and the answers you want. What a training takes and costs is shown before it
          starts.
        </EmptyState>
      }
    />
  ),
});

export const { generateMetadata } = fineTuning;
export default fineTuning.default;
