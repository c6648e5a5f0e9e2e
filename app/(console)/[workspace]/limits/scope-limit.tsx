import type { ReactNode } from "react";
import { ForecastLine } from "#components/limits/forecast-line.tsx";
import { LimitForm } from "#components/limits/limit-form.tsx";
import { Meter } from "#components/limits/meter.tsx";
import { Card } from "#components/ui/card.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { peopleWords } from "#lib/core/access/words.ts";
import type { Context } from "#lib/core/context.ts";
import { formatEuros } from "#lib/core/money.ts";
import { valueWords } from "#lib/domain/contract/keys/rules.ts";
import { contractSources } from "#lib/domain/contract/values/queries.ts";
import { type Effective, effective } from "#lib/domain/contract/values/rules.ts";
import { type Cap, capsAbove, orderCapsOf, type SpendRate } from "#lib/domain/limits/forecast/rules.ts";
import { raisersOf, workspacesAbove } from "#lib/domain/limits/queries.ts";
import { dayWords, exceeds, type LimitStanding, resetsAt } from "#lib/domain/limits/rules.ts";
import { saveOrganizationLimit, saveWorkspaceLimit } from "./actions.ts";
import { FreeOfCharge, isFree } from "./free-plan.tsx";

type Props = { ctx: Context; name: string; standing: LimitStanding; spendRate: SpendRate | null };

export async function WorkspaceLimit({ ctx, organization, ...props }: Props & { organization: LimitStanding }) {
  const { standing, name } = props;
  if (standing.limitPico === null && (await isFree(ctx))) {
    return organization.limitPico === null ? <FreeOfCharge ctx={ctx} /> : null;
  }
  const isOverruled = exceeds(standing.limitPico, organization.limitPico);
  return (
    <ScopeLimit
      {...props}
      ctx={ctx}
      caps={capsAbove(organization, standing)}
      above={organization.limitPico}
      title={`Workspace ${name}`}
      description="What all keys of this workspace together may spend in a month, with the playground."
      save={can(ctx.actor, "limits.write") ? saveWorkspaceLimit : null}
    >
      {isOverruled
        ? `The organization's limit of ${formatEuros(organization.limitPico ?? 0n)} is lower, so it stops requests first.`
        : null}
    </ScopeLimit>
  );
}

export async function OrganizationLimit(props: Props) {
  const { ctx, standing, name } = props;
  if (standing.limitPico === null && (await isFree(ctx))) return null;
  const higher = standing.limitPico === null ? [] : await workspacesAbove(ctx, standing.limitPico);
  const facts = await contractSources(ctx);
  return (
    <ScopeLimit
      {...props}
      caps={orderCapsOf(facts, ctx.now)}
      above={null}
      title={`Organization ${name}`}
      description="What all workspaces together may spend in a month. No workspace can have a higher limit."
      save={can(ctx.actor, "limits.write-organization") ? saveOrganizationLimit : null}
    >
      {[
        higher.length > 0 ? `Lower than the limit of ${list(higher)}: this one stops requests first.` : null,
        capWords(effective(facts, "cap", ctx.now)),
      ]
        .filter(Boolean)
        .join(" ") || null}
    </ScopeLimit>
  );
}

/** What an order allows in a month, beside what the organization allows itself. */
function capWords(cap: Effective<string | null> | undefined): string | null {
  if (!cap || cap.value === null) return null;
  return `${cap.source.title} allows ${valueWords("cap", cap.value)} a month (${cap.clause}); the lower of the two holds.`;
}

const list = (names: readonly string[]): string =>
  names.length === 1 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

type ScopeProps = Props & {
  caps: readonly Cap[];
  above: bigint | null;
  title: string;
  description: string;
  save: typeof saveWorkspaceLimit | null;
  /** How it stands to the other limit, where that matters. */
  children: ReactNode;
};

/** Anchored where refusals and letters lead. */
async function ScopeLimit({ ctx, standing, spendRate, caps, above, title, description, save, children }: ScopeProps) {
  const meter = (
    <>
      <Meter standing={standing} label={`${title}: spent of its limit`} now={ctx.now} />
      <ForecastLine standing={standing} spendRate={spendRate} caps={caps} now={ctx.now} />
      {children ? <p className="text-ui">{children}</p> : null}
    </>
  );
  return (
    <div id={standing.scope} className="scroll-mt-20">
      {save ? (
        <LimitForm
          title={title}
          description={description}
          standing={standing}
          above={above}
          resets={dayWords(resetsAt(ctx.now))}
          alertPercents={standing.alertPercents}
          save={save}
        >
          {meter}
        </LimitForm>
      ) : (
        <Card title={title} description={description} hint={await whoCan(ctx, standing)}>
          <div className="flex flex-col gap-3">{meter}</div>
        </Card>
      )}
    </div>
  );
}

async function whoCan(ctx: Context, { scope }: LimitStanding): Promise<string> {
  const names = await raisersOf(ctx, scope === "organization" ? "organization" : "workspace");
  return `${peopleWords(names)} can change it.`;
}
