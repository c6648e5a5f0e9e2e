import type { WorkspaceRates } from "#lib/domain/rates/view.ts";
import { numberWords } from "./number-words.ts";

/** The limits a workspace has set for itself. */
export function WorkspaceRatesList({ own }: { own: readonly WorkspaceRates[] }) {
  if (own.length === 0) {
    return <p className="text-ui text-text-soft">None are set: the organization's limits hold here.</p>;
  }
  return (
    <ul className="flex flex-col gap-1.5 text-ui">
      {own.map((limits) => (
        <li key={limits.id}>
          <span className="font-medium">{limits.model ?? "Every model"}</span>
          <span className="tabular text-text-soft">: {numberWords(limits)}</span>
        </li>
      ))}
    </ul>
  );
}
