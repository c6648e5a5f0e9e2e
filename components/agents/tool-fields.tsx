import { Trash2 } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import { type Errors, emptyParameters, type FieldsProps, nextId, type ToolForm } from "./builder-form.ts";
import { JsonField } from "./json-field.tsx";

const most = 128;

/** Functions the model may ask its caller to run. */
export function ToolFields({ form: { tools }, change, errors }: FieldsProps) {
  const set = (id: number, part: Partial<ToolForm>) =>
    change({ tools: tools.map((tool) => (tool.id === id ? { ...tool, ...part } : tool)) });
  const add = () => {
    const added = { id: nextId(tools), name: "", description: "", strict: false, parameters: emptyParameters };
    change({ tools: [...tools, added] });
  };
  return (
    <Card
      title="Functions"
      description="The model asks for them with arguments, your program runs them and gives back the result."
      hint={errors.tools?.[0] ?? `${tools.length} of ${most}`}
      footer={tools.length < most ? <Button onClick={add}>Add function</Button> : undefined}
    >
      {tools.length > 0 ? (
        <ol className="flex flex-col gap-6">
          {tools.map((tool, index) => (
            <li key={tool.id}>
              <Tool
                tool={tool}
                index={index}
                errors={errors}
                onChange={(part) => set(tool.id, part)}
                onRemove={() => change({ tools: tools.filter(({ id }) => id !== tool.id) })}
              />
            </li>
          ))}
        </ol>
      ) : null}
    </Card>
  );
}

type ToolProps = {
  tool: ToolForm;
  index: number;
  errors: Errors;
  onChange: (part: Partial<ToolForm>) => void;
  onRemove: () => void;
};

function Tool({ tool, index, errors, onChange, onRemove }: ToolProps) {
  const error = (field: string) => errors[`tools.${index}.function.${field}`]?.[0];
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="sr-only">Function {index + 1}</legend>
      <Head noun={`function ${index + 1}`} onRemove={onRemove} />
      <div className="grid gap-x-3 sm:grid-cols-[minmax(0,14rem)_1fr]">
        <TextField
          label="Function name"
          name={`tool-${tool.id}-name`}
          mono
          autoComplete="off"
          spellCheck={false}
          maxLength={64}
          placeholder="find_trains"
          value={tool.name}
          onChange={(event) => onChange({ name: event.target.value })}
          error={error("name")}
        />
        <TextField
          label="What it does"
          name={`tool-${tool.id}-description`}
          autoComplete="off"
          maxLength={4000}
          placeholder="Finds trains between two cities on a day"
          value={tool.description}
          onChange={(event) => onChange({ description: event.target.value })}
          error={error("description")}
        />
      </div>
      <JsonField
        label="Parameters"
        value={tool.parameters}
        onChange={(parameters) => onChange({ parameters })}
        error={error("parameters")}
      />
      <Checkbox
        name={`tool-${tool.id}-strict`}
        label="Strict"
        help="The arguments keep to the schema exactly, where the model can."
        checked={tool.strict}
        onChange={(event) => onChange({ strict: event.target.checked })}
      />
    </fieldset>
  );
}

const Head = ({ noun, onRemove }: { noun: string; onRemove: () => void }) => (
  <div className="flex items-center justify-between gap-2 text-meta text-text-faint">
    <span aria-hidden="true" className="first-letter:uppercase">
      {noun}
    </span>
    <IconButton size="small" label={`Remove ${noun}`} onClick={onRemove}>
      <Trash2 aria-hidden="true" />
    </IconButton>
  </div>
);
