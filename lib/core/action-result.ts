import type { Problem } from "./errors.ts";

/** What a form gets back from its action. */
export type ActionResult<T> =
  | { ok: true; data: T }
  | {
      ok: false;
      problem: Problem | "unexpected";
      message: string;
      /** Messages by field, for the form to show where they belong. */
      fields: Record<string, string[]>;
      /** What was typed, so that the form keeps it; secrets are never among it. */
      values: Record<string, string>;
    };

/** What a form gets as a prop and gives to `useActionState`. */
export type Action<T> = (previous: ActionResult<T> | undefined, form: FormData) => Promise<ActionResult<T>>;
