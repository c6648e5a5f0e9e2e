"use client";

import { FormHidden } from "#components/ui/form-fields.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { Select } from "#components/ui/select.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useAction } from "#components/ui/use-action.ts";
import type { Action } from "#lib/core/action-result.ts";

type Props = {
  /** Where it applies: a workspace's name, or all. */
  place: string;
  options: readonly { value: string; label: string }[];
  rule: string;
  hidden: Readonly<Record<string, string>>;
  act: Action<void>;
};

/** Who can connect a service in one place. */
export function RuleForm({ place, options, rule, hidden, act }: Props) {
  const [result, submit, pending] = useAction(act);
  return (
    <form action={submit} className="flex flex-col gap-2" aria-label={`Rule of ${place}`}>
      <FormMessage result={result} />
      <FormHidden values={hidden} />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <span className="min-w-0 text-ui font-medium break-words">{place}</span>
        <div className="flex items-center gap-2">
          <span role="status" className="text-meta text-text-faint">
            {result?.ok && !pending ? "Saved." : null}
          </span>
          {/* After a save React puts a field back to its first value, so it is made anew with the rule of now. */}
          <Select key={rule} name="rule" options={options} defaultValue={rule} aria-label={`Rule of ${place}`} />
          <SubmitButton emphasis="secondary" size="small" pending={pending}>
            Save
          </SubmitButton>
        </div>
      </div>
    </form>
  );
}
