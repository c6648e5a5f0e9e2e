import { ArrowDown, ArrowUp, Trash2 } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { TextareaField } from "#components/ui/textarea-field.tsx";
import { type Errors, type ExampleForm, type FieldsProps, moved, nextId } from "./builder-form.ts";

const most = 50;

/** Questions and the answers they should get. */
export function ExampleFields({ form: { examples }, change, errors }: FieldsProps) {
  const set = (id: number, part: Partial<ExampleForm>) =>
    change({ examples: examples.map((example) => (example.id === id ? { ...example, ...part } : example)) });
  const add = () => change({ examples: [...examples, { id: nextId(examples), input: "", output: "" }] });
  return (
    <Card
      title="Examples"
      description="A few questions with the answers you want say more than many instructions."
      hint={errors.examples?.[0] ?? `${examples.length} of ${most}`}
      footer={examples.length < most ? <Button onClick={add}>Add example</Button> : undefined}
    >
      {examples.length > 0 ? (
        <ol className="flex flex-col gap-4">
          {examples.map((example, index) => (
            <li key={example.id}>
              <Example
                example={example}
                index={index}
                errors={errors}
                isLast={index === examples.length - 1}
                onChange={(part) => set(example.id, part)}
                onMove={(by) => change({ examples: moved(examples, index, by) })}
                onRemove={() => change({ examples: examples.filter(({ id }) => id !== example.id) })}
              />
            </li>
          ))}
        </ol>
      ) : null}
    </Card>
  );
}

type ExampleProps = {
  example: ExampleForm;
  index: number;
  errors: Errors;
  isLast: boolean;
  onChange: (part: Partial<ExampleForm>) => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
};

function Example({ example, index, errors, isLast, onChange, onMove, onRemove }: ExampleProps) {
  return (
    <fieldset className="flex flex-col">
      <legend className="sr-only">Example {index + 1}</legend>
      <div className="mb-1 flex items-center justify-between gap-2 text-meta text-text-faint">
        <span aria-hidden="true">Example {index + 1}</span>
        <RowButtons
          noun={`example ${index + 1}`}
          isFirst={index === 0}
          isLast={isLast}
          onMove={onMove}
          onRemove={onRemove}
        />
      </div>
      <div className="grid gap-x-3 sm:grid-cols-2">
        <TextareaField
          label="Input"
          name={`example-${example.id}-input`}
          value={example.input}
          onChange={(event) => onChange({ input: event.target.value })}
          error={errors[`examples.${index}.input`]?.[0]}
        />
        <TextareaField
          label="Output"
          name={`example-${example.id}-output`}
          value={example.output}
          onChange={(event) => onChange({ output: event.target.value })}
          error={errors[`examples.${index}.output`]?.[0]}
        />
      </div>
    </fieldset>
  );
}

type RowButtonsProps = {
  noun: string;
  isFirst: boolean;
  isLast: boolean;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
};

function RowButtons({ noun, isFirst, isLast, onMove, onRemove }: RowButtonsProps) {
  return (
    <span className="inline-flex">
      {isFirst ? null : (
        <IconButton size="small" label={`Move ${noun} up`} onClick={() => onMove(-1)}>
          <ArrowUp aria-hidden="true" />
        </IconButton>
      )}
      {isLast ? null : (
        <IconButton size="small" label={`Move ${noun} down`} onClick={() => onMove(1)}>
          <ArrowDown aria-hidden="true" />
        </IconButton>
      )}
      <IconButton size="small" label={`Remove ${noun}`} onClick={onRemove}>
        <Trash2 aria-hidden="true" />
      </IconButton>
    </span>
  );
}
