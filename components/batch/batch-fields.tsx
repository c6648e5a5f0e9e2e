import { SelectField } from "#components/ui/select-field.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import { endpointNames } from "#lib/domain/batch/rules.ts";

type Choice = { value: string; label: string };

type Props = {
  files: readonly Choice[];
  keys: readonly Choice[];
  models: readonly string[];
  asked: {
    file?: string | undefined;
    key?: string | undefined;
    endpoint: string;
    model?: string | undefined;
    hours: number;
  };
};

const endpoints = Object.entries(endpointNames).map(([value, label]) => ({ value, label: `${label} (${value})` }));

/** What a batch is made of. */
export const BatchFields = ({ files, keys, models, asked }: Props) => (
  <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
    <SelectField label="Requests" name="file" options={files} defaultValue={asked.file} help="One request a line." />
    <SelectField label="Endpoint" name="endpoint" options={endpoints} defaultValue={asked.endpoint} />
    <SelectField
      label="Model"
      name="model"
      hint="optional"
      help="Asked where a line names none."
      options={[{ value: "", label: "As each line says" }, ...models.map((id) => ({ value: id, label: id }))]}
      defaultValue={asked.model ?? ""}
    />
    <SelectField
      label="API key"
      name="key"
      help="Its limits and rates count, and usage names it."
      options={keys}
      defaultValue={asked.key}
    />
    <TextField
      label="Hours"
      name="hours"
      inputMode="numeric"
      help="What is not answered by then is not asked. 1 to 168."
      defaultValue={String(asked.hours)}
    />
  </div>
);
