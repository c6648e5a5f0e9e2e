import { refresh } from "next/cache";
import { headers } from "next/headers";
import { unstable_rethrow } from "next/navigation";
import { z } from "zod";
import { isDatabaseAway } from "#db/sqlstate.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { kindOf, type OutsidePermission, type Permission } from "#lib/core/access/permissions.ts";
import type { Guarded } from "#lib/core/access/step-up.ts";
import { denialWords } from "#lib/core/access/words.ts";
import { type Action, type ActionResult, typedValues } from "#lib/core/action-result.ts";
import type { Command, InputCommand, Within } from "#lib/core/command.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import { grantorsOf } from "#lib/domain/members/queries.ts";
import { asRefusal } from "#lib/domain/retention/rules.ts";
import { inputOf } from "./form-input.ts";
import { accountContext, refuseStale, staffContext, workspaceContext } from "./session.ts";

/** A flow of a page that is more than one command, such as signing in. */
type Flow<P extends Permission, S extends z.ZodType, T> = {
  can: P;
  input: S;
  stepUp?: Guarded;
  run: (ctx: ContextOf<P>, input: z.output<S>) => Promise<T>;
};

type ContextOf<P extends Permission> = P extends OutsidePermission ? AccountContext : Context;

/** What the page does after the command; without it, the page is shown anew. */
type After<W extends Within, I, T, R> = (result: T, ctx: ContextHere<W>, input: I) => R | Promise<R>;

/** What only leads elsewhere shows nothing. */
type Shown<R> = [R] extends [never] ? Action<void> : Action<R>;

/** A page of an organization is always in one of its workspaces. */
type ContextHere<W extends Within> = W extends "account" ? AccountContext : Context;

type Asked = { can: Permission; input?: z.ZodType; stepUp?: unknown };

/**
 * The browser's way in: session and workspace from the request itself, permission, recent sign-in, input, then the command.
 * What it does without a workspace, on a person's own account or at a desk of staff, its permission's kind tells.
 */
export function action<W extends Within, S extends z.ZodType, M extends unknown[], T, R>(
  command: InputCommand<W, S, M, T>,
  after: After<W, z.output<S>, T, R>,
): Shown<R>;
export function action<W extends Within, S extends z.ZodType, M extends unknown[], T>(
  command: InputCommand<W, S, M, T>,
): Action<void>;
export function action<W extends Within, T, R>(command: Command<W, [], T>, after: After<W, unknown, T, R>): Shown<R>;
export function action<W extends Within, T>(command: Command<W, [], T>): Action<void>;
export function action<P extends Permission, S extends z.ZodType, T>(flow: Flow<P, S, T>): Action<T>;
export function action(asked: Asked & { run?: Run }, after?: (...given: never[]) => unknown): unknown {
  return async (_previous: unknown, form: FormData): Promise<ActionResult<unknown>> => {
    try {
      refuseForeignOrigin(await headers());
      const ctx = await contextFor(asked.can);
      authorize(ctx.actor, asked.can);
      const input = inputOf(asked.input ?? nothing, form);
      await proven(asked, ctx, input);
      if (asked.run) return { ok: true, data: await asked.run(ctx, input) };
      const result = await (asked as unknown as Run)(ctx, input);
      if (after) return { ok: true, data: await after(result as never, ctx as never, input as never) };
      refresh();
      return { ok: true, data: undefined };
    } catch (error) {
      unstable_rethrow(error);
      return failure(await named(error), form);
    }
  };
}

type Run = (ctx: AccountContext, input: unknown) => Promise<unknown>;

const nothing = z.object({});

/** Some commands ask a person for a recent sign-in, always or depending on the input. */
async function proven({ stepUp }: Asked, ctx: AccountContext, input: unknown): Promise<void> {
  const ask = typeof stepUp === "function" ? await stepUp(ctx, input) : stepUp;
  if (ask) await refuseStale(ask as Guarded);
}

function contextFor(can: Permission): Promise<AccountContext> {
  const kind = kindOf(can);
  if (kind === "account") return accountContext();
  return kind === "staff" ? staffContext() : workspaceContext();
}

/** Next lets a request without an Origin through; a browser's form always has one, so we do not. */
function refuseForeignOrigin(sent: Headers): void {
  const origin = sent.get("origin");
  const host = sent.get("x-forwarded-host") ?? sent.get("host");
  if (!origin || !URL.canParse(origin) || new URL(origin).host !== host) {
    throw new AppError(
      "forbidden",
      "This request did not come from the console's own pages. Reload the page and try again.",
    );
  }
}

/** A refusal says by name who can help, where the page's workspace tells who that is. */
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

function failure(thrown: unknown, form: FormData): ActionResult<never> {
  const values = typedValues(form);
  const error = asRefusal(thrown);
  if (error instanceof AppError) {
    return { ok: false, problem: error.problem, message: error.message, fields: error.fields, values };
  }
  if (isDatabaseAway(error)) {
    const message = "This cannot be done right now. Nothing was changed; try again in a moment.";
    return { ok: false, problem: "unavailable", message, fields: {}, values };
  }
  const reference = logError("action", error);
  const message = `Something went wrong on our side. Try again; if it stays, tell support the reference ${reference}.`;
  return { ok: false, problem: "unexpected", message, fields: {}, values };
}

/** For forms that show what was made, such as a secret that is there once. */
export async function shown<T>(made: T): Promise<T> {
  refresh();
  return made;
}
