"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "#app/doors/action.ts";
import { db } from "#db/client.ts";
import { AppError } from "#lib/core/errors.ts";
import { sandboxMethodInput, sandboxOutcomeInput } from "#lib/engine/payments/sandbox/cards.ts";
import { confirmSandboxPayment, enterSandboxMethod, sandboxPage } from "#lib/engine/payments/sandbox/pages.ts";

const ref = z.string().min(1).max(100);

/** To where the person came from, once nothing is left to do on the page; else to the page, which asks for the rest. */
async function leave(ref: string): Promise<never> {
  const page = await sandboxPage(db(), ref);
  if (!page) throw new AppError("not_found", "There is no such page.");
  redirect(page.state === "open" ? `/sandbox-pay/${encodeURIComponent(ref)}` : page.returnUrl);
}

const entered = z.looseObject({ ref }).transform(({ ref, ...rest }, { issues }) => {
  const method = sandboxMethodInput.safeParse(rest);
  if (method.success) return { ref, method: method.data };
  for (const { path, message } of method.error.issues) issues.push({ code: "custom", path, message, input: rest });
  return z.NEVER;
});

export const enter = action({
  can: "account.open",
  input: entered,
  run: async (_ctx, { ref, method }): Promise<void> => {
    await enterSandboxMethod(db(), ref, method);
    await leave(ref);
  },
});

export const decide = action({
  can: "account.open",
  input: sandboxOutcomeInput.extend({ ref }),
  run: async (_ctx, { ref, outcome }): Promise<void> => {
    await confirmSandboxPayment(db(), ref, outcome);
    await leave(ref);
  },
});
