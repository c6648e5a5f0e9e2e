import { Card } from "#components/ui/card.tsx";
import { SelectField } from "#components/ui/select-field.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import { TextareaField } from "#components/ui/textarea-field.tsx";
import type { FieldsProps } from "./builder-form.ts";

/** The model and what it is told. */
export function PromptFields({ form, change, errors, models }: FieldsProps & { models: readonly string[] }) {
  // A model that is gone stays to be seen, until another is chosen.
  const options = models.includes(form.model) ? models : [form.model, ...models];
  return (
    <Card title="Task" description="What the agent is for, and how it should go about it.">
      <div className="flex flex-col gap-3">
        <div className="grid gap-x-3 sm:grid-cols-2">
          <SelectField
            label="Model"
            name="model"
            options={options.map((id) => ({ value: id, label: id }))}
            value={form.model}
            onChange={(event) => change({ model: event.target.value })}
            error={errors.model?.[0]}
          />
          <TextField
            label="Description"
            name="description"
            hint="optional"
            autoComplete="off"
            maxLength={2000}
            help="For people, and for agents that hand over to it."
            value={form.description}
            onChange={(event) => change({ description: event.target.value })}
            error={errors.description?.[0]}
          />
        </div>
        <TextareaField
          label="Instructions"
          name="instructions"
          rows={10}
          placeholder="You plan journeys by train. Ask for dates before you propose anything…"
          help="The model reads them before every conversation."
          value={form.instructions}
          onChange={(event) => change({ instructions: event.target.value })}
          error={errors.instructions?.[0]}
        />
      </div>
    </Card>
  );
}
