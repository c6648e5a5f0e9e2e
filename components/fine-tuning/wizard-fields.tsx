import { Checkbox } from "#components/ui/checkbox.tsx";
import { SelectField } from "#components/ui/select-field.tsx";
import { TextField } from "#components/ui/text-field.tsx";

type ModelsProps = {
  models: readonly { id: string; name: string; description: string }[];
  /** Those that cannot be tuned. */
  others: readonly string[];
  chosen: string | undefined;
};

/** Which model is tuned, and why others are not offered. */
export function ModelFields({ models, others, chosen }: ModelsProps) {
  const first = chosen ?? models[0]?.id;
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="sr-only">Model</legend>
      {models.map(({ id, name, description }) => (
        <Checkbox
          key={id}
          kind="radio"
          name="model"
          value={id}
          defaultChecked={id === first}
          label={name}
          help={description}
        />
      ))}
      {others.length > 0 ? (
        <p className="mt-2 text-meta text-text-faint">Not offered for fine-tuning: {others.join(", ")}.</p>
      ) : null}
    </fieldset>
  );
}

type File = { id: string; name: string; lines: number | null };
type DataProps = { files: readonly File[]; file: string | undefined; valid: string | undefined };

export function DataFields({ files, file, valid }: DataProps) {
  const options = files.map(({ id, name, lines }) => ({
    value: id,
    label: lines === null ? name : `${name} (${lines} ${lines === 1 ? "line" : "lines"})`,
  }));
  if (options.length === 0) return <p className="text-ui text-text-soft">There are no files of examples here yet.</p>;
  return (
    <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
      <SelectField label="Training file" name="file" options={options} defaultValue={file} />
      <SelectField
        label="Validation file"
        name="valid"
        hint="optional"
        options={[{ value: "", label: "Hold some examples out" }, ...options]}
        defaultValue={valid ?? ""}
      />
    </div>
  );
}

type Name = "steps" | "epochs" | "rate" | "decay" | "warmup" | "seq" | "seed" | "suffix";
type ParametersProps = { asked: Partial<Record<Name, string | undefined>>; problems: Readonly<Record<string, string>> };

const parameters: readonly {
  name: Name;
  label: string;
  placeholder: string;
  help: string;
  mode: "numeric" | "decimal" | "text";
}[] = [
  {
    name: "epochs",
    label: "Epochs",
    placeholder: "3",
    mode: "decimal",
    help: "How often the data is gone through. More learns it better, then by heart.",
  },
  {
    name: "steps",
    label: "Steps",
    placeholder: "from the epochs",
    mode: "numeric",
    help: "Updates of the model, 8 examples each. With epochs as well, the sooner ends it.",
  },
  {
    name: "rate",
    label: "Learning rate",
    placeholder: "0.0001",
    mode: "decimal",
    help: "How far each step goes. Above 0.001 it overshoots.",
  },
  {
    name: "decay",
    label: "Weight decay",
    placeholder: "0.1",
    mode: "decimal",
    help: "Pulls weights towards zero, against learning by heart. 0 to 1.",
  },
  {
    name: "warmup",
    label: "Warm-up",
    placeholder: "0.05",
    mode: "decimal",
    help: "Share of the steps in which the rate rises. 0 to 1.",
  },
  {
    name: "seq",
    label: "Longest example",
    placeholder: "2048",
    mode: "numeric",
    help: "In tokens; what is longer is cut.",
  },
  {
    name: "seed",
    label: "Seed",
    placeholder: "from the job",
    mode: "numeric",
    help: "The same seed, data and parameters make the same model.",
  },
  {
    name: "suffix",
    label: "Suffix",
    placeholder: "support",
    mode: "text",
    help: "Becomes part of the model’s id. Up to 18 letters and digits.",
  },
];

/** How it is trained: each with what it does. */
export const ParameterFields = ({ asked, problems }: ParametersProps) => (
  <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
    {parameters.map(({ name, label, placeholder, help, mode }) => (
      <TextField
        key={name}
        label={label}
        name={name}
        hint="optional"
        help={help}
        placeholder={placeholder}
        inputMode={mode}
        autoComplete="off"
        defaultValue={asked[name] ?? ""}
        error={problems[name]}
      />
    ))}
  </div>
);
