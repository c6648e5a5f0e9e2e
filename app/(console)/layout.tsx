import type { ReactNode } from "react";
import { accountContext } from "#app/doors/session.ts";
import { StepUpDialog, type Way } from "#components/account/step-up-dialog.tsx";
import { env } from "#lib/core/env.ts";
import { meansOf } from "#lib/domain/account/factors/queries.ts";
import type { Means } from "#lib/domain/account/factors/rules.ts";
import { askPasskey, byCode, byPasskey, byPassword } from "./step-up/actions.ts";

/** Behind every page of the console stands the dialog that asks who it is, for the forms that want to know. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const ctx = await accountContext();
  if (ctx.actor.kind !== "user") return children;
  const ways = waysOf(await meansOf(ctx, ctx.actor.id));
  const actions = { byPassword, byCode, askPasskey, byPasskey };
  return (
    <>
      {children}
      <StepUpDialog ways={ways} provider={env().OIDC_NAME} {...actions} />
    </>
  );
}

const waysOf = ({ passkey, app, password }: Means): Way[] => [
  ...(passkey ? (["passkey"] as const) : []),
  ...(app ? (["code"] as const) : []),
  ...(password ? (["password"] as const) : []),
  ...(env().OIDC_ISSUER ? (["provider"] as const) : []),
];
