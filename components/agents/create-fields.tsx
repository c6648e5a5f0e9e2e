import { FormSelect, FormText, FormTextarea } from "#components/ui/form-fields.tsx";
import { type AgentColor, colorWords } from "#lib/domain/agents/view.ts";
import { NamedHandle } from "./named-handle.tsx";

export const colorOptions = Object.entries(colorWords).map(([value, label]) => ({ value, label }));

type Props = {
  models: readonly string[];
  /** The one that is chosen at first. */
  model?: string | undefined;
  color?: AgentColor;
};

/** A new agent's name, handle, model and colour. */
export function CreateFields({ models, model, color = "teal" }: Props) {
  return (
    <>
      <NamedHandle />
      <div className="grid gap-x-3 sm:grid-cols-2">
        <FormSelect
          label="Model"
          name="model"
          options={models.map((id) => ({ value: id, label: id }))}
          {...(model && models.includes(model) && { defaultValue: model })}
        />
        <FormSelect label="Colour" name="color" options={colorOptions} defaultValue={color} />
      </div>
    </>
  );
}

/** A file or its text. */
export function ImportFields() {
  return (
    <>
      <FormText label="File" name="file" type="file" accept="application/json,.json" />
      <FormTextarea
        label="Or its text"
        name="text"
        mono
        rows={6}
        spellCheck={false}
        placeholder={'{ "format": "comptoir.agent/1", "name": "Travel planner", "model": "…" }'}
      />
      <FormText
        label="Another handle"
        name="handle"
        hint="optional"
        autoComplete="off"
        spellCheck={false}
        maxLength={33}
        help="For when the handle in the file is taken here."
      />
    </>
  );
}
