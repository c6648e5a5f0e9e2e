import type { ActionResult } from "#lib/core/action-result.ts";
import { messageOf } from "./form-result.ts";
import { Notice } from "./notice.tsx";

/** What went wrong with a form as a whole; empty while nothing did. */
export function FormMessage({ result }: { result: ActionResult<unknown> | undefined }) {
  const message = messageOf(result);
  if (!message) return null;
  return (
    <div role="alert" tabIndex={-1} className="appear outline-none">
      <Notice tone="bad">
        {message}
        {result?.ok === false && result.problem === "offline" ? (
          <button type="submit" className="ml-2 font-semibold underline underline-offset-2">
            Retry
          </button>
        ) : null}
      </Notice>
    </div>
  );
}
