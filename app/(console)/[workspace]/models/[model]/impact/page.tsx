import { Check } from "lucide-react";
import { modelOf } from "#app/(console)/[workspace]/models/[model]/model-of.ts";
import { page } from "#app/doors/workspace-page.tsx";
import { ImpactTable } from "#components/models/impact-table.tsx";
import { SwitchModel } from "#components/models/switch-model.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { impactHere } from "#lib/domain/lifecycle/impact/queries.ts";
import { switchModel } from "./actions.ts";

/** T-4.2.1-DISC4: what the end of a model concerns in this workspace, and what to change. */
const impact = page({
  can: "usage.read",
  title: "End of a model",
  width: "table",
  description: "Everything here that asks the model or names it, with the name it uses and what to change.",
  load: (ctx, { params }) => impactHere(ctx, modelOf(params.model)),
  name: ({ modelId }) => modelId,
  head: ({ modelId }, ctx) => ({
    action: (
      <span className="flex flex-wrap gap-2">
        {can(ctx.actor, "models.trial") ? (
          <LinkButton href={`/${ctx.workspaceId}/models/${encodeURIComponent(modelId)}/trial`}>
            Try the replacement
          </LinkButton>
        ) : null}
        <LinkButton href={`/${ctx.workspaceId}/models/${encodeURIComponent(modelId)}/impact/csv`}>
          Download CSV
        </LinkButton>
      </span>
    ),
  }),
  view: ({ modelId, replacement, announcedAt, retiresAt, countedAt, rows }, ctx) => (
    <>
      <Notice tone="warn" title={`Use ${replacement} instead`}>
        The end of {modelId} was announced on <Time at={announcedAt} form="date" />.{" "}
        {retiresAt ? (
          <>
            It ends for you on <Time at={retiresAt} form="instant" />.
          </>
        ) : (
          "It ends for you six months after our letter about it has reached you."
        )}
      </Notice>
      {rows.length === 0 ? (
        <EmptyState icon={Check} title="Nothing to change">
          Nothing in this workspace asked the model in the last 30 days, and nothing names it.
        </EmptyState>
      ) : (
        <ImpactTable rows={rows}>
          {({ kind, id, trainedOn }) => {
            if (kind === "agent" && can(ctx.actor, "agents.write"))
              return <SwitchModel agent={id} model={replacement} act={switchModel} />;
            if (kind !== "tuned-model" || !can(ctx.actor, "fine-tuning.write")) return null;
            const asked = new URLSearchParams({ model: replacement, ...(trainedOn && { file: trainedOn }) });
            return (
              <TextLink href={`/${ctx.workspaceId}/fine-tuning/new?${asked}`}>
                {trainedOn ? "Tune the replacement on the same file" : "Tune the replacement"}
              </TextLink>
            );
          }}
        </ImpactTable>
      )}
      <p className="text-ui text-text-soft">
        {countedAt ? (
          <>
            Requests are those of the last 30 days, counted until <Time at={countedAt} form="instant" />; once a night.
          </>
        ) : (
          "Requests are counted within minutes of the announcement, and then once a night."
        )}
      </p>
    </>
  ),
});

export const { generateMetadata } = impact;
export default impact.default;
