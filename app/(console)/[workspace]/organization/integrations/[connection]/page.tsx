import { replay, resume, test } from "#app/(console)/[workspace]/organization/integrations/actions.ts";
import { page } from "#app/doors/workspace-page.tsx";
import { ConnectionAttempts } from "#components/integrations/connection-attempts.tsx";
import { connectionWord } from "#components/integrations/connection-states.ts";
import { Badge } from "#components/ui/badge.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { attemptsHere, connectionOf, nameOf } from "#lib/domain/connections/directory/queries.ts";
import type { ConnectionView } from "#lib/domain/connections/view.ts";
import { Ending } from "./ending.tsx";
import { Facts } from "./facts.tsx";

const connectionPage = page({
  can: "integrations.read",
  title: "Connection",
  load: async (ctx, { params }) => {
    const connection = await connectionOf(ctx, params.connection ?? "");
    return { connection, attempts: await attemptsHere(ctx, connection.id) };
  },
  name: ({ connection }) => connection.name,
  head: ({ connection }, ctx) => {
    const { tone, word } = connectionWord(connection);
    return {
      badge: <Badge tone={tone}>{word}</Badge>,
      description: `Your connection to ${nameOf(connection.connector)}.`,
      action: isChangeable(connection, ctx) ? <Actions connection={connection} ctx={ctx} /> : undefined,
    };
  },
  view: ({ connection, attempts }, ctx) => {
    const isMine = isChangeable(connection, ctx);
    const isLive = ["connected", "failing"].includes(connection.state) && !connection.isBlocked;
    return (
      <>
        <Trouble connection={connection} base={pathOf(connection, ctx)} isMine={isMine} />
        <Facts connection={connection} now={ctx.now} />
        <section aria-labelledby="attempts" className="flex flex-col gap-3">
          <h2 id="attempts" className="text-body font-semibold">
            Last attempts
          </h2>
          {attempts.length === 0 ? (
            <p className="text-ui text-text-soft">Nothing was sent yet. Test it to see it work.</p>
          ) : (
            <ConnectionAttempts attempts={attempts} replay={isMine && isLive ? replay : undefined} />
          )}
        </section>
        {isMine ? <Ending connection={connection} /> : null}
      </>
    );
  },
});

export const { generateMetadata } = connectionPage;
export default connectionPage.default;

const pathOf = ({ id }: ConnectionView, ctx: Context): string => `/${ctx.workspaceId}/organization/integrations/${id}`;

/** An admin's, or of the workspace the reader builds in; what is disconnected is only read. */
const isChangeable = ({ state, workspaceId }: ConnectionView, ctx: Context): boolean =>
  state !== "disconnected" &&
  state !== "ending" &&
  can(ctx.actor, "integrations.write") &&
  (can(ctx.actor, "integrations.restrict") || workspaceId === ctx.workspaceId);

const Actions = ({ connection, ctx }: { connection: ConnectionView; ctx: Context }) => (
  <>
    <LinkButton size="small" href={`${pathOf(connection, ctx)}/change`}>
      Change or reconnect
    </LinkButton>
    {connection.state === "pending" || connection.isBlocked ? null : (
      <ButtonForm button="Test" values={{ id: connection.id }} act={test} />
    )}
  </>
);

type TroubleProps = { connection: ConnectionView; base: string; isMine: boolean };

/** What is wrong, and what ends it. */
function Trouble({ connection: { id, state, isBlocked, lastError, pausedReason }, base, isMine }: TroubleProps) {
  if (isBlocked)
    return (
      <Notice tone="bad" title="Blocked by a rule">
        Nothing is sent. An organization admin can allow this service under Integrations.
      </Notice>
    );
  if (state === "needs_reconnect")
    return (
      <Notice
        tone="bad"
        title="This connection needs you"
        action={isMine ? <LinkButton href={`${base}/change`}>Reconnect</LinkButton> : undefined}
      >
        The service refuses what we send, so nothing is sent. {lastError}
      </Notice>
    );
  if (state === "paused")
    return (
      <Notice
        tone={pausedReason ? "bad" : "info"}
        title={pausedReason ? "This connection was switched off" : "Paused"}
        action={isMine ? <ButtonForm button="Resume" values={{ id }} act={resume} /> : undefined}
      >
        {pausedReason} What happens meanwhile is not sent.
      </Notice>
    );
  if (state === "failing")
    return (
      <Notice tone="warn" title="Failing">
        We go on trying. After five days without success it is switched off. {lastError}
      </Notice>
    );
  return null;
}
