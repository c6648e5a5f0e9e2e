import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { Field } from "#components/ui/field.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { prettyPrinted, schemaState } from "./json-check.ts";

type Props = {
  label: string;
  value: string;
  rows?: number;
  error: string | undefined;
  onChange: (text: string) => void;
};

/** A JSON schema, checked while it is written. */
export function JsonField({ label, value, rows = 8, error, onChange }: Props) {
  const state = schemaState(value);
  const isTidy = prettyPrinted(value) === value;
  return (
    <Field
      label={label}
      error={error}
      hint={
        <Button
          size="small"
          emphasis="quiet"
          aria-disabled={prettyPrinted(value) === null || isTidy || undefined}
          onClick={() => onChange(prettyPrinted(value) ?? value)}
        >
          Pretty-print
        </Button>
      }
      help={<span className={classes(state.isValid ? "text-good" : "text-warn")}>{state.words}</span>}
    >
      {(control) => (
        <Textarea
          {...control}
          mono
          rows={rows}
          spellCheck={false}
          autoComplete="off"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
