import { MessagesSquare } from "lucide-react";
import { firstCall } from "#app/(console)/[workspace]/first-call.ts";
import { create } from "#app/(console)/[workspace]/keys/actions.ts";
import { isFree } from "#app/(console)/[workspace]/limits/free-plan.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { FirstSteps } from "#components/home/first-steps.tsx";
import { MonthFigures } from "#components/home/month-figures.tsx";
import { type Need, NeedsAction } from "#components/home/needs-action.tsx";
import { CreateKey } from "#components/keys/create-key.tsx";
import { SnippetTabs } from "#components/keys/snippet-tabs.tsx";
import type { Call } from "#components/keys/snippets.ts";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { relativeWords } from "#components/ui/time-words.ts";
import { UsageChart } from "#components/usage/usage-chart.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { myAccount } from "#lib/domain/account/queries.ts";
import { contractModels } from "#lib/domain/contract/values/queries.ts";
import { keyChoices, keyPage } from "#lib/domain/keys/queries.ts";
import type { KeyView } from "#lib/domain/keys/view.ts";
import { webOrigins } from "#lib/domain/organizations/web-origins/queries.ts";
import { hasUsage, usageDays } from "#lib/domain/usage/queries.ts";
import { daysOf } from "#lib/domain/usage/rules.ts";
import { askedRange, chartRange, monthName, monthsOf } from "./figures.ts";
import { LimitCard, limitNeeds, mayStandings } from "./limit-card.tsx";

const home = page({
  can: "workspace.read",
  title: "Home",
  load: async (ctx) => {
    const mayRead = can(ctx.actor, "keys.read");
    const [account, keys, hasKey, models, isUsed, limits, origins] = await Promise.all([
      myAccount(ctx),
      mayRead ? keyPage(ctx, { state: "expiring" }) : { rows: [] },
      mayRead && hasKeys(ctx),
      contractModels(ctx),
      hasUsage(ctx),
      mayStandings(ctx),
      webOrigins(ctx),
    ]);
    const needs = [...limitNeeds(ctx, limits), ...needsOf(ctx, keys.rows, account.isConfirmed)];
    const { isConfirmed } = account;
    return { isConfirmed, hasKey, models, isUsed, limits, needs, origins, call: await firstCall(models) };
  },
  head: ({ isUsed, call, models, origins }, ctx) => ({
    description: isUsed
      ? "What happened in this workspace, and what needs you."
      : "From here to the first answer of a model.",
    action: can(ctx.actor, "keys.write") ? (
      <CreateKey
        create={create}
        call={call}
        models={models.map(({ id }) => id)}
        mayServe={can(ctx.actor, "keys.write-any")}
        origins={origins}
      />
    ) : undefined,
  }),
  view: ({ isUsed, isConfirmed, hasKey, call, limits, needs }, ctx) => (
    <>
      <NeedsAction needs={needs} />
      {isUsed ? null : <Beginning ctx={ctx} isConfirmed={isConfirmed} hasKey={hasKey} call={call} />}
      {isUsed && can(ctx.actor, "usage.read") ? <Figures ctx={ctx} /> : null}
      {isUsed ? <LimitCard ctx={ctx} found={limits} /> : null}
      {isUsed && !can(ctx.actor, "usage.read") ? <Places ctx={ctx} /> : null}
    </>
  ),
});

export const { generateMetadata } = home;
export default home.default;

const hasKeys = async (ctx: Context): Promise<boolean> => (await keyChoices(ctx, {})).length > 0;

function needsOf(ctx: Context, keys: readonly KeyView[], isConfirmed: boolean): Need[] {
  const expiring = keys.flatMap((key): Need[] =>
    key.state === "expiring" && key.expiresAt && !key.successorId
      ? [
          {
            id: key.id,
            tone: "warn",
            text: `The key ${key.name} expires ${relativeWords(key.expiresAt, ctx.now)}.`,
            label: "Rotate it",
            href: `/${ctx.workspaceId}/keys/${key.id}`,
          },
        ]
      : [],
  );
  if (isConfirmed) return expiring;
  const confirm = "Your e-mail address is not confirmed yet, so you could not reset your password.";
  return [...expiring, { id: "e-mail", tone: "info", text: confirm, label: "Confirm it", href: "/account" }];
}

type BeginningProps = { ctx: Context; isConfirmed: boolean; hasKey: boolean; call: Call };

function Beginning({ ctx, isConfirmed, hasKey, call }: BeginningProps) {
  const mayCreate = can(ctx.actor, "keys.write");
  return (
    <FirstSteps
      steps={[
        {
          title: "Confirm your e-mail address",
          isDone: isConfirmed,
          children: (
            <>
              Follow the link in the letter we sent, or <TextLink href="/account">ask for another</TextLink>.
            </>
          ),
        },
        {
          title: "Create an API key",
          isDone: hasKey,
          children: mayCreate ? (
            <LinkButton size="small" emphasis="primary" href="?create=1">
              Create the first key
            </LinkButton>
          ) : (
            "Ask a workspace admin for one; your role cannot make keys."
          ),
        },
        {
          title: "Ask a model",
          isDone: false,
          children: (
            <div className="flex flex-col gap-3">
              <SnippetTabs call={call} />
              <p>
                Or without a key, in the <TextLink href={`/${ctx.workspaceId}/playground`}>playground</TextLink>.
              </p>
            </div>
          ),
        },
      ]}
    />
  );
}

async function Figures({ ctx }: { ctx: Context }) {
  const [rows, isFreePlan] = await Promise.all([usageDays(ctx, "model", askedRange(ctx.now)), isFree(ctx)]);
  const range = chartRange(ctx.now);
  return (
    <>
      <MonthFigures {...monthsOf(rows, ctx.now)} month={monthName(ctx.now)} />
      <Card
        title={`${isFreePlan ? "Requests" : "Spend"} of the last 30 days`}
        aside={<TextLink href={`/${ctx.workspaceId}/usage`}>All usage</TextLink>}
      >
        <UsageChart
          points={rows.filter(({ day }) => day >= range.from).map(({ day, ...row }) => ({ ...row, bucket: day }))}
          buckets={daysOf(range)}
          measure={isFreePlan ? "requests" : "cost"}
        />
      </Card>
    </>
  );
}

/** For people who may use the workspace but not see what it costs. */
function Places({ ctx }: { ctx: Context }) {
  return (
    <EmptyState
      icon={MessagesSquare}
      title="Ask a model"
      action={
        <span className="flex gap-2">
          <LinkButton href={`/${ctx.workspaceId}/playground`} emphasis="primary">
            Open the playground
          </LinkButton>
          <LinkButton href={`/${ctx.workspaceId}/models`}>See the models</LinkButton>
        </span>
      }
    >
      The playground talks to every model of this workspace. To see usage or make keys, ask a workspace admin for the
      Developer role.
    </EmptyState>
  );
}
