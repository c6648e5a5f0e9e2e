import type { Problem } from "./errors.ts";

/** What a form gets back from its action. */
export type ActionResult<T> =
  | { ok: true; data: T }
  | {
      ok: false;
      problem: Problem | "unexpected" | "offline";
      message: string;
      /** Messages by field, for the form to show where they belong. */
      fields: Record<string, string[]>;
      /** What was typed, so that the form keeps it; secrets are never among it. */
      values: Record<string, string>;
    };

/** What a form gets as a prop and gives to `useActionState`. */
export type Action<T> = (previous: ActionResult<T> | undefined, form: FormData) => Promise<ActionResult<T>>;

const secretField = /password|secret|token|code|\bkey\b|apiKey|headerValue/i;

/** What a refused form keeps: its texts, never what could be a secret, nor React's own fields. */
export function typedValues(form: FormData): Record<string, string> {
  const entries = [...form.entries()].filter(
    ([name, value]) => typeof value === "string" && !name.startsWith("$ACTION") && !secretField.test(name),
  );
  return Object.fromEntries(entries as [string, string][]);
}
