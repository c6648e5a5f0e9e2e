import { Card } from "#components/ui/card.tsx";
import { SelectField } from "#components/ui/select-field.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import { TextareaField } from "#components/ui/textarea-field.tsx";
import type { FieldsProps } from "./builder-form.ts";

const numbers = [
  { field: "temperature", wire: "temperature", label: "Temperature", help: "0 to 1", mode: "decimal" },
  { field: "topP", wire: "top_p", label: "Top P", help: "Above 0, to 1", mode: "decimal" },
  { field: "maxTokens", wire: "max_tokens", label: "Max tokens", help: "Of one answer", mode: "numeric" },
  { field: "seed", wire: "random_seed", label: "Seed", help: "Same seed, same answer", mode: "numeric" },
  { field: "presencePenalty", wire: "presence_penalty", label: "Presence penalty", help: "-2 to 2", mode: "text" },
  { field: "frequencyPenalty", wire: "frequency_penalty", label: "Frequency penalty", help: "-2 to 2", mode: "text" },
] as const;

const efforts = ["none", "minimal", "low", "medium", "high", "xhigh"];
const options = (none: string, values: readonly string[]) => [
  { value: "", label: none },
  ...values.map((value) => ({ value, label: value })),
];

/** How the model is asked. */
export function ArgumentFields({ form, change, errors }: FieldsProps) {
  return (
    <Card title="Answering" description="What is left empty, the model decides.">
      <div className="flex flex-col gap-3">
        <div className="grid grid-cols-2 gap-x-3 gap-y-2 sm:grid-cols-3">
          {numbers.map(({ field, wire, label, help, mode }) => (
            <TextField
              key={field}
              label={label}
              name={wire}
              autoComplete="off"
              inputMode={mode}
              placeholder="default"
              help={help}
              value={form[field]}
              onChange={(event) => change({ [field]: event.target.value })}
              error={errors[`completion_args.${wire}`]?.[0]}
            />
          ))}
        </div>
        <Choices form={form} change={change} errors={errors} />
      </div>
    </Card>
  );
}

function Choices({ form, change, errors }: FieldsProps) {
  return (
    <div className="grid gap-x-3 gap-y-2 sm:grid-cols-3">
      <TextareaField
        label="Stop"
        name="stop"
        rows={2}
        help={String.raw`One text a line, \n for a line break`}
        value={form.stop}
        onChange={(event) => change({ stop: event.target.value })}
        error={errors["completion_args.stop"]?.[0]}
      />
      <SelectField
        label="Tool choice"
        name="tool_choice"
        options={options("default", ["auto", "none", "any", "required"])}
        value={form.toolChoice}
        onChange={(event) => change({ toolChoice: event.target.value })}
        error={errors["completion_args.tool_choice"]?.[0]}
      />
      <SelectField
        label="Reasoning effort"
        name="reasoning_effort"
        options={options("default", efforts)}
        help="Where the model reasons"
        value={form.reasoningEffort}
        onChange={(event) => change({ reasoningEffort: event.target.value })}
        error={errors["completion_args.reasoning_effort"]?.[0]}
      />
    </div>
  );
}
