import { headers } from "next/headers";
import { unstable_rethrow } from "next/navigation";
import { z } from "zod";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Permission } from "#lib/core/access/permissions.ts";
import { denialWords } from "#lib/core/access/words.ts";
import type { Action, ActionResult } from "#lib/core/action-result.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import type { Guarded } from "#lib/core/access/step-up.ts";
import { grantorsOf } from "#lib/domain/members/queries.ts";
import { accountContext, refuseStale, staffContext, workspaceContext } from "./session.ts";

/** What needs no workspace: a person's own account, and the decisions of staff at their desks. */
type AccountPermission = Extract<Permission, `account.${string}` | `${string}.decide`>;

type Definition<P extends Permission, S extends z.ZodType, T> = {
  can: P;
  input: S;
  /** What asks for a recent sign-in, always or only where the input says so. */
  stepUp?: Guarded | ((ctx: ContextOf<P>, input: z.output<S>) => Promise<Guarded | null>);
  run: (ctx: ContextOf<P>, input: z.output<S>) => Promise<T>;
};

type ContextOf<P extends Permission> = P extends AccountPermission ? AccountContext : Context;

/**
 * The browser's way in: session and workspace from the request itself, permission, input, then `run`.
 * Permissions on `account.…` need no workspace, those to decide are for staff; every other is checked in the page's workspace.
 */
export function action<P extends Permission, S extends z.ZodType, T>({
  can,
  input,
  stepUp,
  run,
}: Definition<P, S, T>): Action<T> {
  return async (_previous, form) => {
    try {
      refuseForeignOrigin(await headers());
      const ctx = (await contextFor(can)) as ContextOf<P>;
      authorize(ctx.actor, can);
      const parsed = input.safeParse(fieldsOf(form));
      if (!parsed.success) {
        const fields = z.flattenError(parsed.error).fieldErrors as Record<string, string[]>;
        throw new AppError("invalid", "Check the marked fields.", { fields });
      }
      const asked = typeof stepUp === "function" ? await stepUp(ctx, parsed.data) : stepUp;
      if (asked) await refuseStale(asked);
      return { ok: true, data: await run(ctx, parsed.data) };
    } catch (error) {
      unstable_rethrow(error);
      return failure(await named(error), form);
    }
  };
}

function contextFor(can: Permission): Promise<AccountContext> {
  if (can.startsWith("account.")) return accountContext();
  return can.endsWith(".decide") ? staffContext() : workspaceContext();
}

/** Next lets a request without an Origin through; a browser's form always has one, so we do not. */
function refuseForeignOrigin(sent: Headers): void {
  const origin = sent.get("origin");
  const host = sent.get("x-forwarded-host") ?? sent.get("host");
  if (!origin || origin === "null" || new URL(origin).host !== host) {
    throw new AppError(
      "forbidden",
      "This request did not come from the console's own pages. Reload the page and try again.",
    );
  }
}

/** Repeated fields become arrays; React's own bookkeeping fields are left out. */
function fieldsOf(form: FormData): Record<string, FormDataEntryValue | FormDataEntryValue[]> {
  const names = [...new Set(form.keys())].filter((name) => !name.startsWith("$ACTION"));
  return Object.fromEntries(
    names.map((name) => {
      const all = form.getAll(name);
      return [name, all.length > 1 ? all : (all[0] ?? "")];
    }),
  );
}

/** A refusal says by name whom to ask, where the page's workspace tells who that is. */
async function named(error: unknown): Promise<unknown> {
  if (!(error instanceof AppError) || error.problem !== "forbidden" || !error.details.permission) return error;
  const permission = error.details.permission as Permission;
  try {
    const grantors = await grantorsOf(await workspaceContext(), permission);
    return new AppError("forbidden", denialWords(permission, grantors));
  } catch {
    return error;
  }
}

function failure(error: unknown, form: FormData): ActionResult<never> {
  const values = typedValues(form);
  if (error instanceof AppError) {
    return { ok: false, problem: error.problem, message: error.message, fields: error.fields, values };
  }
  const reference = logError("action", error);
  const message = `Something went wrong on our side. Try again; if it stays, tell support the reference ${reference}.`;
  return { ok: false, problem: "unexpected", message, fields: {}, values };
}

const secretField = /password|secret|token|code|\bkey\b/i;

function typedValues(form: FormData): Record<string, string> {
  const entries = [...form.entries()].filter(
    ([name, value]) => typeof value === "string" && !name.startsWith("$ACTION") && !secretField.test(name),
  );
  return Object.fromEntries(entries as [string, string][]);
}
