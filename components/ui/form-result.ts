import type { ActionResult } from "#lib/core/action-result.ts";

type Result = ActionResult<unknown> | undefined;

/** The message for one field of a refused form. */
export const errorOf = (result: Result, field: string): string | undefined =>
  result && !result.ok ? result.fields[field]?.[0] : undefined;

/** What was typed before the form was refused: React empties a form after its action. */
export const typedOf = (result: Result, field: string, otherwise = ""): string =>
  result && !result.ok ? (result.values[field] ?? otherwise) : otherwise;

/** The sentence over a refused form. */
export const messageOf = (result: Result): string | undefined => (result && !result.ok ? result.message : undefined);
