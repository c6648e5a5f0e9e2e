import type { ReactNode } from "react";
import { dateWords } from "#components/ui/time-words.ts";
import { lastDayOf } from "#lib/domain/rates/rules.ts";
import type { OverrideInForce } from "#lib/domain/staff/rates/view.ts";
import { numberWords } from "./number-words.ts";

type Props = { overrides: readonly OverrideInForce[]; actions: (override: OverrideInForce) => ReactNode };

/** What was decided or ordered and still holds. */
export function OverrideList({ overrides, actions }: Props) {
  return (
    <ul className="divide-y divide-line">
      {overrides.map((override) => (
        <li
          key={override.id}
          className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 px-4 py-3.5 text-ui"
        >
          <div className="min-w-0 grow basis-72">
            <p className="font-medium">{override.organizationName}</p>
            <p className="tabular">
              {numberWords(override)} <span className="text-text-soft">for {override.model ?? "every model"}</span>
              {override.workspaceId ? <span className="text-text-soft"> in one workspace</span> : null}
            </p>
            <p className="break-words text-text-soft">{override.reason}</p>
            <p className="text-meta text-text-faint">
              {override.source === "purchase_order" ? `Purchase order ${override.reference}` : "Decision"} of{" "}
              {dateWords(override.createdAt)},{" "}
              {override.expiresAt ? `to the end of ${dateWords(lastDayOf(override.expiresAt))}` : "without an end"}
            </p>
          </div>
          {actions(override)}
        </li>
      ))}
    </ul>
  );
}
