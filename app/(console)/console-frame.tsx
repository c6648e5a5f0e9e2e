import type { ReactNode } from "react";
import { accountContext } from "#app/doors/session.ts";
import { BillingBanner } from "#components/billing/billing-banner.tsx";
import { FormerBanner } from "#components/former/former-banner.tsx";
import { type Blocked, BlockedBanner } from "#components/limits/blocked-banner.tsx";
import { NavPercent } from "#components/limits/nav-percent.tsx";
import { StayCurrent } from "#components/limits/stay-current.tsx";
import { ContactBanner } from "#components/notices/contact-banner.tsx";
import { NoticesLink } from "#components/notices/notices-link.tsx";
import { navigationFor } from "#components/shell/navigation.ts";
import type { OrganizationPlace, Places } from "#components/shell/places.ts";
import { Shell } from "#components/shell/shell.tsx";
import { FootLink } from "#components/shell/sidebar.tsx";
import { SignOut } from "#components/shell/sign-out.tsx";
import { SubprocessorBanner } from "#components/subprocessors/subprocessor-banner.tsx";
import { SuspensionBanner } from "#components/suspensions/suspension-banner.tsx";
import { ChangeBanner } from "#components/terms/change-banner.tsx";
import { ZeroRetentionMark } from "#components/zero-retention/zero-retention-mark.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { personOf } from "#lib/core/access/person.ts";
import type { Context } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { billingNews } from "#lib/domain/billing/news/queries.ts";
import { type LimitNews, limitNews, raisersOf } from "#lib/domain/limits/queries.ts";
import { dayWords, resetsAt } from "#lib/domain/limits/rules.ts";
import { contactBounce } from "#lib/domain/notices/contact/queries.ts";
import { unreadNotices } from "#lib/domain/notices/inbox/queries.ts";
import { formerCustomer } from "#lib/domain/organizations/former/queries.ts";
import { myWorkspaces, organizationOf, type WorkspaceChoice } from "#lib/domain/organizations/queries.ts";
import { pendingChanges } from "#lib/domain/publications/changes/queries.ts";
import { pendingSubprocessors } from "#lib/domain/subprocessors/queries.ts";
import { suspensionInForce } from "#lib/domain/suspensions/queries.ts";
import { zeroRetentionStanding } from "#lib/domain/zero-retention/queries.ts";
import { signOut } from "./actions.ts";

/** The shell around a page of a workspace, or around one of the account as seen from a workspace. */
export async function ConsoleFrame({ ctx, children }: { ctx: Context; children: ReactNode }) {
  const [choices, limits, news, unread, bounced, suspension, retention, former, changes, subprocessors, organization] =
    await Promise.all([
      // Of every organization the person is in, where the context has entered one.
      myWorkspaces(await accountContext()),
      can(ctx.actor, "workspace.read") ? limitNews(ctx) : noLimitNews,
      can(ctx.actor, "organization.read") ? billingNews(ctx) : null,
      unreadNotices(ctx),
      bouncedContact(ctx),
      suspensionInForce(ctx),
      zeroRetentionStanding(ctx),
      formerCustomer(ctx),
      can(ctx.actor, "contract.read") ? pendingChanges(ctx) : [],
      can(ctx.actor, "contract.read") ? pendingSubprocessors(ctx) : [],
      can(ctx.actor, "contract.read") ? organizationOf(ctx) : null,
    ]);
  const { name, email } = personOf(ctx.actor);
  return (
    <Shell
      places={placesOf(choices, ctx)}
      groups={navigationFor(ctx.actor.permissions)}
      asides={limits.near ? { limits: <NavPercent {...limits.near} /> } : {}}
      banner={
        <>
          <StayCurrent at={ctx.now.getTime()} />
          <FormerBanner former={former} now={ctx.now} />
          <SuspensionBanner suspension={suspension} href={`/${ctx.workspaceId}/organization/suspension`} />
          <BlockedBanner blocked={await blockedBy(ctx, limits.reached)} />
          <BillingBanner
            news={news}
            href={can(ctx.actor, "billing.read") ? `/${ctx.workspaceId}/organization/billing` : null}
          />
          <ChangeBanner changes={changes} now={ctx.now} href={`/${ctx.workspaceId}/organization/contract/changes`} />
          <SubprocessorBanner pending={subprocessors} href={`/${ctx.workspaceId}/organization/contract/changes`} />
          <ContactBanner email={bounced} href={`/${ctx.workspaceId}/organization/settings#contact`} />
        </>
      }
      mark={<ZeroRetentionMark {...retention} />}
      account={{ name, email }}
      notices={
        <>
          <NoticesLink unread={unread} />
          {organization?.customerType === "consumer" && !former ? (
            <FootLink href={`/${ctx.workspaceId}/organization/contract/ending`}>End your contract</FootLink>
          ) : null}
        </>
      }
      mayCreateKeys={can(ctx.actor, "keys.write")}
      mayCreateWorkspaces={can(ctx.actor, "workspaces.write")}
      isDemo={env().DEMO === "on"}
      signOut={<SignOut signOut={signOut} />}
    >
      {children}
    </Shell>
  );
}

/** Former customers have no limits. */
const noLimitNews: LimitNews = { reached: [], near: null };

/** Only who can name another contact is told that the present one does not work. */
async function bouncedContact(ctx: Context): Promise<string | null> {
  return can(ctx.actor, "organization.write-contact") ? ((await contactBounce(ctx))?.email ?? null) : null;
}

/** A person who may raise a limit gets the way there; everyone else is told who may. */
function blockedBy(ctx: Context, reached: LimitNews["reached"]): Promise<Blocked[]> {
  return Promise.all(
    reached.map(async (scope) => {
      const mayRaise = can(ctx.actor, scope === "organization" ? "limits.write-organization" : "limits.write");
      const raiseHref = mayRaise ? `/${ctx.workspaceId}/limits#${scope}` : null;
      const raisers = mayRaise ? [] : await raisersOf(ctx, scope);
      return { scope, resets: dayWords(resetsAt(ctx.now)), raiseHref, raisers };
    }),
  );
}

function placesOf(choices: readonly WorkspaceChoice[], { organizationId, workspaceId }: Context): Places {
  const organizations = new Map<string, OrganizationPlace>();
  for (const { organization, workspace } of choices) {
    const before = organizations.get(organization.id)?.workspaces ?? [];
    organizations.set(organization.id, { ...organization, workspaces: [...before, workspace] });
  }
  const organization = organizations.get(organizationId);
  const workspace = organization?.workspaces.find(({ id }) => id === workspaceId);
  if (!organization || !workspace) throw new Error("A workspace that was entered is not among the choices.");
  organizations.delete(organizationId);
  return { organization, workspace, otherOrganizations: [...organizations.values()] };
}
