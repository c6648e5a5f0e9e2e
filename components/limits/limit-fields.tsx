import type { RefObject } from "react";
import { errorOf } from "#components/ui/form-result.ts";
import { Notice } from "#components/ui/notice.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import type { ActionResult } from "#lib/core/action-result.ts";
import type { Preview } from "./limit-preview.ts";

type Props = {
  limit: string;
  alerts: string;
  onLimit: (text: string) => void;
  onAlerts: (text: string) => void;
  period: "month" | "lifetime";
  result: ActionResult<unknown> | undefined;
  field: RefObject<HTMLInputElement | null>;
};

/** The amount and the steps of the letters. */
export function LimitFields({ limit, alerts, onLimit, onAlerts, period, result, field }: Props) {
  return (
    <div className="flex flex-col gap-2">
      <TextField
        ref={field}
        label={period === "month" ? "Monthly limit in euros" : "Limit for its whole life in euros"}
        name="limit"
        adornment="€"
        inputMode="decimal"
        autoComplete="off"
        placeholder="No limit"
        value={limit}
        onChange={(event) => onLimit(event.target.value)}
        help="Empty: no limit. 0: nothing may be spent."
        error={errorOf(result, "limit")}
      />
      {limit.trim() === "" ? null : (
        <TextField
          label="Letters at, in per cent"
          name="alerts"
          autoComplete="off"
          placeholder="No letters"
          value={alerts}
          onChange={(event) => onAlerts(event.target.value)}
          help="One letter for each step, such as 50, 80, 100."
          error={errorOf(result, "alerts")}
        />
      )}
    </div>
  );
}

/** What saving would do, said while a person types. */
export function PreviewNotice({ preview }: { preview: Preview }) {
  return (
    <div aria-live="polite">
      {preview ? <Notice tone={preview.tone === "neutral" ? "info" : preview.tone}>{preview.text}</Notice> : null}
    </div>
  );
}
