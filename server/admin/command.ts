import { z } from "zod";
import { type Id, isId } from "#db/id.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";

export type Options = Record<string, string>;
/** `failed`: the exit code, 1 where nobody tells codes apart. */
export type Outcome = { lines: string[]; result: unknown; failed?: boolean | number };

export type Command = {
  name: string;
  about: string;
  options: Record<string, { value: string; required: boolean }>;
  run?: (ctx: AccountContext, options: Options) => Promise<Outcome>;
  /** Instead of `run` for what needs no database. */
  print?: (options: Options) => Outcome;
  /** The exit code when it cannot be done, for programs that tell codes apart. */
  failsWith?: number;
};

export const required = (value: string) => ({ value, required: true });
export const optional = (value: string) => ({ value, required: false });

export function parse<S extends z.ZodType>(schema: S, options: unknown): z.output<S> {
  const parsed = schema.safeParse(options);
  if (!parsed.success) throw new AppError("invalid", z.prettifyError(parsed.error));
  return parsed.data;
}

export function idOf<K extends "workspace" | "organization">(kind: K, text: string | undefined): Id<K> {
  if (text && isId(kind, text)) return text;
  throw new AppError("invalid", `${text} is not the id of a ${kind}.`);
}
