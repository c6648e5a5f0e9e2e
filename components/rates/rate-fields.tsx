import { errorOf } from "#components/ui/form-result.ts";
import { TextField } from "#components/ui/text-field.tsx";
import type { ActionResult } from "#lib/core/action-result.ts";
import type { RateNumbers } from "#lib/domain/rates/view.ts";

type Props = {
  result: ActionResult<unknown> | undefined;
  values?: RateNumbers;
  /** What an empty field means. */
  empty: string;
};

/** The three limits a person can ask for, grant or set. */
export function RateFields({ result, values, empty }: Props) {
  const shown = (value: number | null | undefined) => (value === null || value === undefined ? "" : String(value));
  return (
    <div className="grid gap-x-4 sm:grid-cols-3">
      <TextField
        label="Requests a second"
        name="requestsPerSecond"
        inputMode="decimal"
        autoComplete="off"
        defaultValue={shown(values?.requestsPerSecond)}
        help={empty}
        error={errorOf(result, "requestsPerSecond")}
      />
      <TextField
        label="Tokens a minute"
        name="tokensPerMinute"
        inputMode="numeric"
        autoComplete="off"
        defaultValue={shown(values?.tokensPerMinute)}
        help={empty}
        error={errorOf(result, "tokensPerMinute")}
      />
      <TextField
        label="Tokens a month"
        name="tokensPerMonth"
        inputMode="numeric"
        autoComplete="off"
        defaultValue={shown(values?.tokensPerMonth)}
        help={empty}
        error={errorOf(result, "tokensPerMonth")}
      />
    </div>
  );
}
