import { Card } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { SelectField } from "#components/ui/select-field.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import { type BuilderForm, emptySchema, type FieldsProps } from "./builder-form.ts";
import { JsonField } from "./json-field.tsx";

const formats: { value: BuilderForm["format"]; label: string }[] = [
  { value: "", label: "default" },
  { value: "text", label: "Text" },
  { value: "json_object", label: "JSON" },
  { value: "json_schema", label: "JSON, by a schema" },
];

const path = "completion_args.response_format.json_schema";

/** In which form it answers. */
export function FormatFields({ form, change, errors }: FieldsProps) {
  const choose = (value: string) => {
    const format = formats.find((one) => one.value === value)?.value ?? "";
    const isNew = format === "json_schema" && form.schema === "";
    change({ format, ...(isNew && { schema: emptySchema, schemaName: form.schemaName || "answer" }) });
  };
  return (
    <Card title="Form of the answer" description="For programs that read it: JSON, as free or as strict as you say.">
      <div className="flex flex-col gap-3">
        <SelectField
          label="Response format"
          name="response_format"
          options={formats}
          value={form.format}
          onChange={(event) => choose(event.target.value)}
          error={errors["completion_args.response_format"]?.[0]}
        />
        {form.format === "json_schema" ? <Schema form={form} change={change} errors={errors} /> : null}
      </div>
    </Card>
  );
}

function Schema({ form, change, errors }: FieldsProps) {
  return (
    <>
      <div className="grid gap-x-3 sm:grid-cols-2">
        <TextField
          label="Name of the schema"
          name="schema_name"
          autoComplete="off"
          value={form.schemaName}
          onChange={(event) => change({ schemaName: event.target.value })}
          error={errors[`${path}.name`]?.[0]}
        />
        <TextField
          label="What the answer is"
          name="schema_description"
          hint="optional"
          autoComplete="off"
          value={form.schemaDescription}
          onChange={(event) => change({ schemaDescription: event.target.value })}
          error={errors[`${path}.description`]?.[0]}
        />
      </div>
      <JsonField
        label="JSON schema"
        value={form.schema}
        rows={12}
        onChange={(schema) => change({ schema })}
        error={errors[`${path}.schema`]?.[0]}
      />
      <Checkbox
        name="schema_strict"
        label="Strict"
        help="The answer keeps to the schema exactly, where the model can."
        checked={form.schemaStrict}
        onChange={(event) => change({ schemaStrict: event.target.checked })}
      />
    </>
  );
}
