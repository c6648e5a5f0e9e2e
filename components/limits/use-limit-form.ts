import { useRef, useState } from "react";
import { typedOf } from "#components/ui/form-result.ts";
import type { ActionResult } from "#lib/core/action-result.ts";
import { readLimit, readSteps, stepsText, typedEuros } from "#lib/domain/limits/rules.ts";
import { type Facts, isStop, previewOf } from "./limit-preview.ts";

/** What a person has typed into the form of a limit, and what saving it would do. */
export function useLimitForm(
  facts: Facts,
  alertPercents: readonly number[],
  result: ActionResult<unknown> | undefined,
) {
  const kept = typedEuros(facts.standing.limitPico);
  const [limit, setLimit] = useState(typedOf(result, "limit", kept));
  const [alerts, setAlerts] = useState(typedOf(result, "alerts", stepsText(alertPercents)));
  const field = useRef<HTMLInputElement>(null);
  const read = readLimit(limit);
  const areChanged = String(readSteps(alerts)) !== String(alertPercents);
  const preview = previewOf(limit, facts);
  const empties = limit.trim() === "" && facts.standing.limitPico !== null;
  return {
    fields: { limit, alerts, onLimit: setLimit, onAlerts: setAlerts, period: facts.standing.period, field },
    isChanged: !read.ok || read.limitPico !== facts.standing.limitPico || (read.limitPico !== null && areChanged),
    mayEmpty: facts.standing.limitPico !== null && !empties,
    preview,
    /** What the button that saves says, and how. */
    submit: empties ? ({ words: "Remove limit", tone: "normal" } as const) : saving(isStop(preview)),
    empty: () => {
      setLimit("");
      field.current?.focus();
    },
    restore: () => {
      setLimit(kept);
      setAlerts(stepsText(alertPercents));
      field.current?.focus();
    },
  };
}

const saving = (stops: boolean) => ({ words: "Save limit", tone: stops ? "bad" : "normal" }) as const;
