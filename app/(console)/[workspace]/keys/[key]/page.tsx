import { firstCall } from "#app/(console)/[workspace]/first-call.ts";
import { report, revoke, rotate } from "#app/(console)/[workspace]/keys/actions.ts";
import { denial } from "#app/doors/refused.tsx";
import { asId, page } from "#app/doors/workspace-page.tsx";
import { KeyEffect } from "#components/keys/key-effect.tsx";
import { KeyFacts } from "#components/keys/key-facts.tsx";
import { KeyStateBadge } from "#components/keys/key-state-badge.tsx";
import { ReportKey } from "#components/keys/report-key.tsx";
import { RotateKey } from "#components/keys/rotate-key.tsx";
import { SnippetTabs } from "#components/keys/snippet-tabs.tsx";
import { callFor } from "#components/keys/snippets.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { contractModels } from "#lib/domain/contract/values/queries.ts";
import { key as keyOf } from "#lib/domain/keys/queries.ts";
import { mayChange, maySucceed } from "#lib/domain/keys/rules.ts";
import { isEnded, type KeyView } from "#lib/domain/keys/view.ts";
import { Callers, Calls } from "./activity.tsx";
import { KeyLimits } from "./limits.tsx";

const keyPage = page({
  can: "keys.read",
  title: "API key",
  load: (ctx, { params }) => keyOf(ctx, asId("key", params.key)),
  name: ({ name }) => name,
  head: (key, ctx) => ({
    badge: (
      <>
        {key.isService ? <Badge plain>Service key</Badge> : null}
        {key.browser ? <Badge plain>Web pages</Badge> : null}
        <KeyStateBadge state={key} now={ctx.now} />
      </>
    ),
    action: <Changes ctx={ctx} view={key} />,
  }),
  view: (key, ctx, { search }) => (
    <>
      <Card>
        <KeyFacts view={key} base={`/${ctx.workspaceId}/keys`} now={ctx.now} />
      </Card>
      {isEnded(key) ? null : <FirstCall ctx={ctx} view={key} />}
      {can(ctx.actor, "limits.read") ? <KeyLimits ctx={ctx} view={key} /> : null}
      <Callers ctx={ctx} view={key} />
      {can(ctx.actor, "requests.read") ? <Calls ctx={ctx} view={key} asked={search.since} /> : null}
      <Leak ctx={ctx} view={key} />
    </>
  ),
});

export const { generateMetadata } = keyPage;
export default keyPage.default;

/** T-4.2.1-KEY5: how a program calls with this key, which it finds in its environment. */
async function FirstCall({ ctx, view }: { ctx: Context; view: KeyView }) {
  const call = await firstCall(await contractModels(ctx));
  return (
    <Card title="Call with this key" description="The key is read from the variable COMPTOIR_API_KEY.">
      <SnippetTabs call={callFor(view, call)} />
    </Card>
  );
}

const isMine = (ctx: Context, view: KeyView): boolean => mayChange(ctx.actor.permissions, ctx.actor.id, view);

async function Changes({ ctx, view }: { ctx: Context; view: KeyView }) {
  const hasEnded = isEnded(view);
  if (!isMine(ctx, view)) {
    if (hasEnded) return null;
    const whose = view.isService ? "the workspace’s" : `${view.ownerName}’s`;
    const reason = `This key is ${whose}. ${await denial(ctx, "keys.write-any")}`;
    return (
      <>
        <Denied label="Rotate key" reason={reason} />
        <Denied label="Revoke key" reason={reason} />
      </>
    );
  }
  const call = await firstCall(await contractModels(ctx));
  const isOffered = !hasEnded && !view.successorId;
  return (
    <>
      {maySucceed(ctx.actor.id, view) ? (
        <RotateKey keyId={view.id} keyName={view.name} rotate={rotate} call={call} isOffered={isOffered} />
      ) : isOffered ? (
        <Denied
          label="Rotate key"
          reason={`The new key would act as ${view.ownerName}, so only they can rotate it. You can revoke this one.`}
        />
      ) : null}
      {hasEnded ? null : (
        <ConfirmDialog
          trigger="Revoke key"
          triggerLook={{ tone: "bad" }}
          title={`Revoke ${view.name}`}
          confirm="Revoke key"
          action={revoke}
        >
          <input type="hidden" name="id" value={view.id} />
          <KeyEffect view={view} now={ctx.now} />
        </ConfirmDialog>
      )}
    </>
  );
}

const leak = {
  asked: {
    title: "Has this key leaked?",
    description:
      "Reporting it ends it at once, gives you a new key with the same rights, and lists the calls made with it so that you can look for those that were not yours.",
    hint: "If it was in a public place, report it even if nobody seems to have used it.",
  },
  askedOfOthers: {
    title: "Has this key leaked?",
    description:
      "Reporting it ends it at once, and lists the calls made with it. Its owner makes a new key: only they may see one that acts as them.",
    hint: "If it was in a public place, report it even if nobody seems to have used it.",
  },
  reported: {
    title: "This key was reported as leaked",
    description: "It has ended. Look through the calls above for addresses and clients that are not yours.",
    hint: "What a stranger spent with it is in the list, request by request.",
  },
} as const;

/** Also for keys that were only revoked: a leak found out later still deserves its mark. */
async function Leak({ ctx, view }: { ctx: Context; view: KeyView }) {
  if (!isMine(ctx, view)) return null;
  const call = await firstCall(await contractModels(ctx));
  const isOffered = view.revokedReason !== "leaked";
  const hasSuccessor = maySucceed(ctx.actor.id, view);
  const words = isOffered ? (hasSuccessor ? leak.asked : leak.askedOfOthers) : leak.reported;
  return (
    <Card
      tone="bad"
      {...words}
      footer={
        <ReportKey
          keyId={view.id}
          keyName={view.name}
          report={report}
          hasSuccessor={hasSuccessor}
          call={call}
          isOffered={isOffered}
        >
          <KeyEffect view={view} now={ctx.now} />
        </ReportKey>
      }
    />
  );
}
