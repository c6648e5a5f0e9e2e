import type { z } from "zod";
import { authorize } from "./access/authorize.ts";
import type { Permission } from "./access/permissions.ts";
import type { Guarded } from "./access/step-up.ts";
import type { AccountContext, Context, OrganizationContext } from "./context.ts";

type Contexts = { account: AccountContext; organization: OrganizationContext; workspace: Context };

/** Where a command acts: in a workspace, in an organization, or outside both. */
export type Within = keyof Contexts;
export type ContextIn<W extends Within> = Contexts[W];

type Rules<W extends Within> = { can: Permission; within: W };

/** What asks a person for a recent sign-in first: always, or depending on what they send. */
type StepUp<W extends Within, I> = Guarded | ((ctx: ContextIn<W>, input: I) => Promise<Guarded | null>);

type Run<W extends Within, A extends unknown[], T> = (ctx: ContextIn<W>, ...given: A) => Promise<T>;

/** A change, callable with a context; its permission, scope and schema can be read by every way in. */
export type Command<W extends Within, A extends unknown[], T> = Run<W, A, T> &
  Readonly<Rules<W>> & { readonly stepUp?: unknown };

/** A command that a form or a program can call: `input` is what it must send. */
export type InputCommand<W extends Within, S extends z.ZodType, M extends unknown[], T> = Command<
  W,
  [input: z.output<S>, ...more: M],
  T
> & { readonly input: S };

export function command<W extends Within, S extends z.ZodType, M extends unknown[], T>(
  definition: Rules<W> & {
    input: S;
    stepUp?: StepUp<W, z.output<S>>;
    run: Run<W, [input: z.output<S>, ...more: M], T>;
  },
): InputCommand<W, S, M, T>;
export function command<W extends Within, A extends unknown[], T>(
  definition: Rules<W> & { stepUp?: Guarded; run: Run<W, A, T> },
): Command<W, A, T>;
/** A change with its permission, which is checked before anything else, the person who calls. */
export function command<W extends Within, A extends unknown[], T>({ run, ...rules }: Rules<W> & { run: Run<W, A, T> }) {
  const call = async (ctx: ContextIn<W>, ...given: A): Promise<T> => {
    authorize(ctx.actor, rules.can);
    return run(ctx, ...given);
  };
  return Object.assign(call, rules);
}

/**
 * A write that several commands have in common: it runs in their transaction and under their permission, and no way in can
 * call it.
 */
export const part = <C extends AccountContext, A extends unknown[], T>(run: (ctx: C, ...given: A) => T): typeof run =>
  run;
