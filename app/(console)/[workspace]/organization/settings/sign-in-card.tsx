import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { personOf } from "#lib/core/access/person.ts";
import type { Context } from "#lib/core/context.ts";
import { meansOf } from "#lib/domain/account/factors/queries.ts";
import { hasFactor } from "#lib/domain/account/factors/rules.ts";
import { type Requirement, requirement } from "#lib/domain/account/requirement/queries.ts";
import { saveRequirement } from "./sign-in/actions.ts";

/** What the organization asks of its members when they sign in. */
export async function SignInCard({ ctx }: { ctx: Context }) {
  const rule = await requirement(ctx);
  const mayChange = can(ctx.actor, "organization.write");
  const hasOwn = hasFactor(await meansOf(ctx, personOf(ctx.actor).id));
  return (
    <Card
      id="sign-in"
      title="Second factor"
      description="Whether members need an authenticator app or a passkey to enter the workspaces of this organization. API keys are not affected."
      aside={rule.isRequired ? <Badge tone="good">Required</Badge> : <Badge>Not required</Badge>}
      hint={mayChange && !rule.isRequired && !hasOwn ? <OwnFirst /> : undefined}
      footer={mayChange ? <Switch rule={rule} hasOwn={hasOwn} /> : undefined}
    >
      <p className="text-ui text-text-soft">{standing(rule)}</p>
    </Card>
  );
}

function standing({ members, without }: Requirement): string {
  if (without === 0) return members === 1 ? "The one member has a second factor." : `All ${members} members have one.`;
  return `${members - without} of ${members} members have a second factor.`;
}

const OwnFirst = () => (
  <>
    You need one yourself first: <TextLink href="/account#second-factor">add it to your account</TextLink>.
  </>
);

function Switch({ rule, hasOwn }: { rule: Requirement; hasOwn: boolean }) {
  if (rule.isRequired) {
    return (
      <ConfirmDialog
        trigger="Stop requiring it"
        title="Stop requiring a second factor"
        confirm="Stop requiring it"
        action={saveRequirement}
      >
        <input type="hidden" name="required" value="off" />
        <p className="text-ui text-text-soft">
          Members may enter with a password alone again. Those who have a second factor keep being asked for it.
        </p>
      </ConfirmDialog>
    );
  }
  if (!hasOwn) return null;
  return (
    <ConfirmDialog
      trigger="Require it"
      title="Require a second factor"
      confirm="Require second factor"
      tone="normal"
      action={saveRequirement}
    >
      <input type="hidden" name="required" value="on" />
      <p className="text-ui text-text-soft">{consequence(rule.without)}</p>
    </ConfirmDialog>
  );
}

function consequence(without: number): string {
  if (without === 0) return "Every member has one already. Whoever joins later adds one before entering.";
  const who = without === 1 ? "One member has none and is" : `${without} members have none and are`;
  return `${who} sent to add one with the next click. Their API keys go on working.`;
}
