import { Checkbox } from "#components/ui/checkbox.tsx";
import { errorOf, typedOf } from "#components/ui/form-result.ts";
import type { ActionResult } from "#lib/core/action-result.ts";
import type { DocumentTitle } from "#lib/domain/terms/view.ts";

type Props = {
  terms: DocumentTitle;
  /** The part of its address that names the document. */
  kind?: "terms" | "chat";
  result: ActionResult<unknown> | undefined;
};

/**
 * T-3-CLICK: never ticked beforehand. What was ticked stays ticked after a refusal about something else,
 * but not when the terms are others than the ones that were on the page.
 */
export function AgreeBox({ terms, kind = "terms", result }: Props) {
  const error = errorOf(result, "agree");
  const wasTicked = typedOf(result, "agree") === "on" && typedOf(result, "sha256") === terms.sha256 && !error;
  return (
    <div className="rounded-card border border-line bg-canvas px-3.5 py-2.5">
      <input type="hidden" name="documentId" value={terms.id} />
      <input type="hidden" name="sha256" value={terms.sha256} />
      <p className="text-ui text-text-soft">{terms.summary}</p>
      {terms.former ? (
        <p className="text-ui text-text-soft">
          Version {terms.version} is announced. It holds for you from now on; for customers of before, version{" "}
          {terms.former.version} holds until {terms.former.until.slice(0, 10)}.
        </p>
      ) : null}
      <Checkbox
        key={terms.id}
        name="agree"
        required
        defaultChecked={wasTicked}
        error={error}
        label={
          <>
            I agree to the{" "}
            <a
              href={`/legal/${kind}/${terms.version}`}
              target="_blank"
              rel="noreferrer"
              className="rounded-control text-accent underline decoration-accent/35 underline-offset-3 hover:decoration-accent"
            >
              {terms.title.toLowerCase()}, version {terms.version}
              <span className="sr-only"> (opens in a new tab)</span>
            </a>
          </>
        }
      />
    </div>
  );
}
