"use client";

import { ButtonForm } from "#components/ui/button-form.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Combobox } from "#components/ui/combobox.tsx";
import { Field } from "#components/ui/field.tsx";
import { FormFiles } from "#components/ui/file-field.tsx";
import { FormChoices, FormSelect, FormText, FormTextarea, ResultContext } from "#components/ui/form-fields.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import { SelectField } from "#components/ui/select-field.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { TextareaField } from "#components/ui/textarea-field.tsx";
import type { ActionResult } from "#lib/core/action-result.ts";
import { Stack } from "./specimens.tsx";
import { long, secret } from "./words.ts";

const few = ["Teal", "Blue", "Violet"].map((label) => ({ value: label.toLowerCase(), label }));
const many = Array.from({ length: 60 }, (_, index) => ({ value: `m${index}`, label: `model-${index + 1}-2512` }));

const refused = {
  ok: false,
  problem: "invalid",
  message: "Nothing was saved: look at the fields marked below.",
  fields: { name: ["Another key has this name."], about: ["At most 2,000 characters."], color: ["Choose a colour."] },
  values: {},
} satisfies ActionResult<void>;

const offline = { ...refused, problem: "offline", message: "You are offline. Nothing was saved." } as const;

export const TextFields = () => (
  <Stack>
    <TextField label="Name" name="name" placeholder="checkout-backend" help="What it is for." hint="optional" />
    <TextField label="Monthly limit" name="limit" adornment="€" inputMode="decimal" defaultValue="150.00" />
    <TextField label="Name" name="name" defaultValue="!" error="Letters, digits and spaces only." />
    <TextField label="Disabled" name="off" disabled defaultValue="Set by the operator" />
    <TextField label={long} name="long" defaultValue={long} help={long} />
    <TextareaField label="Instructions" name="about" placeholder="You plan journeys by train." />
    <TextareaField label="Schema" name="schema" mono defaultValue="{" error="This is no JSON: it ends too early." />
    <Field label="Key" help="The only time it is shown.">
      {(control) => <Input {...control} mono readOnly value={secret} />}
    </Field>
    <Textarea aria-label="Without a label" disabled defaultValue="Disabled" />
  </Stack>
);

export const Choices = () => (
  <Stack>
    <SelectField label="Colour" name="color" options={few} help="Of its letter." />
    <SelectField label="Colour" name="color" options={few} error="Choose a colour." />
    <SelectField label="Model, found by typing" name="model" options={many} />
    <Select aria-label="Disabled" options={few} disabled />
    <Combobox name="filter" kind="filter" label="Model" all="All models" options={many} />
    <Combobox name="chosen" kind="filter" label="Model" all="All models" options={many} value="m3" />
    <form>
      <Checkbox name="one" label="Agent completions" help="Ask agents for answers" defaultChecked />
      <Checkbox name="two" label={long} />
      <Checkbox name="agree" label="I agree to the terms" error="Tick the box to go on." />
      <Checkbox name="off" label="Not on this plan" disabled />
      <Checkbox kind="radio" name="kind" value="all" label="Every model" defaultChecked />
      <Checkbox kind="radio" name="kind" value="some" label="Some models" />
    </form>
  </Stack>
);

export const Refused = () => (
  <Stack>
    <FormMessage result={refused} />
    <FormMessage result={offline} />
    <ResultContext value={refused}>
      <FormText label="Name" name="name" />
      <FormTextarea label="About" name="about" />
      <FormSelect label="Colour" name="color" options={few} />
      <FormFiles
        label="Files"
        name="files"
        accept=".pdf"
        hint="optional"
        help="Two PDFs of 1 MB."
        limits={{ files: 2, megabytesEach: 1, megabytesTogether: 2 }}
      />
      <FormChoices legend="Colours" name="color" choices={few} chosen={["blue"]} />
    </ResultContext>
    <ResultContext value={undefined}>
      <FormChoices legend="Colours" name="colors" choices={few} help="Any number of them." />
    </ResultContext>
  </Stack>
);

const settles = async (): Promise<ActionResult<void>> => ({ ok: true, data: undefined });
const fails = async (): Promise<ActionResult<void>> => refused;
const waits = (): Promise<ActionResult<void>> => new Promise(() => undefined);

export const ButtonForms = () => (
  <Stack>
    <ButtonForm button="Send again" done="Sent." act={settles} />
    <ButtonForm button="Refused" act={fails} />
    <ButtonForm button="Takes for ever" size="large" act={waits} />
  </Stack>
);
