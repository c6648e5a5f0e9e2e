import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { DialogFooter } from "#components/ui/dialog-footer.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf } from "#components/ui/form-result.ts";
import { SelectField } from "#components/ui/select-field.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import { TextareaField } from "#components/ui/textarea-field.tsx";
import type { useFormAction } from "#components/ui/use-form-action.ts";
import type { ActionResult } from "#lib/core/action-result.ts";
import { isForWebPages } from "#lib/domain/keys/rules.ts";
import { type NewKey, scopeWords } from "#lib/domain/keys/view.ts";

const lifetimes = [
  { value: "", label: "Never" },
  { value: "7", label: "After 7 days" },
  { value: "30", label: "After 30 days" },
  { value: "90", label: "After 90 days" },
  { value: "365", label: "After a year" },
];

type Props = {
  models: readonly string[];
  mayServe: boolean;
  origins: readonly string[];
  state: ReturnType<typeof useFormAction<NewKey>>;
  onCancel: () => void;
};

export function CreateKeyForm({ models, mayServe, origins, state, onCancel }: Props) {
  const { result, pending, form } = state;
  const [isInPages, setInPages] = useState(false);
  return (
    <form {...form} className="flex flex-col gap-3">
      <FormMessage result={result} />
      <TextField
        label="Name"
        name="name"
        autoComplete="off"
        maxLength={80}
        placeholder="checkout-backend"
        help="Where it will be used, so that it can be told apart later."
        error={errorOf(result, "name")}
      />
      {mayServe ? <Whose /> : null}
      <Where origins={origins} error={errorOf(result, "browser")} onTick={setInPages} />
      <Scopes error={errorOf(result, "scopes")} isInPages={isInPages} />
      <SelectField
        label="Expires"
        name="expiresInDays"
        options={lifetimes}
        help="You get a warning seven days before."
        error={errorOf(result, "expiresInDays")}
      />
      <TextField
        label="Monthly limit in euros"
        name="monthlyLimit"
        hint="optional"
        adornment="€"
        inputMode="decimal"
        autoComplete="off"
        placeholder="No limit"
        help="Empty: only the limits of the workspace and the organization count."
        error={errorOf(result, "monthlyLimit")}
      />
      <Restrictions models={models} result={result} />
      <DialogFooter hint="The key is shown once, in the next step.">
        <Button onClick={onCancel}>Cancel</Button>
        <SubmitButton pending={pending}>Create key</SubmitButton>
      </DialogFooter>
    </form>
  );
}

function Whose() {
  return (
    <fieldset>
      <legend className="mb-1 text-ui font-medium">Whose it is</legend>
      <Checkbox name="isService" value="on" label="Service key" />
      <p className="text-meta text-text-faint">
        It belongs to the workspace, not to a person: it keeps working when you leave, and uses restricted agents only
        where they were shared with it. Left unticked, the key acts for you.
      </p>
    </fieldset>
  );
}

type WhereProps = { origins: readonly string[]; error: string | undefined; onTick: (isTicked: boolean) => void };

function Where({ origins, error, onTick }: WhereProps) {
  const hasNone = origins.length === 0;
  return (
    <fieldset>
      <legend className="mb-1 text-ui font-medium">Where it is used</legend>
      <Checkbox
        name="browser"
        value="on"
        label="For web pages"
        disabled={hasNone}
        onChange={({ currentTarget }) => onTick(currentTarget.checked)}
        error={error}
      />
      <p className="text-meta break-words text-text-faint">
        {hasNone
          ? "An organization admin first adds an origin under Organization, Settings, Web pages."
          : `Anyone who opens the page can read the key, so it works only on ${origins.join(", ")}.`}
      </p>
    </fieldset>
  );
}

const scopesFor = (isInPages: boolean) =>
  Object.entries(scopeWords).map(([scope, words]) => ({ scope, words, isOff: isInPages && !isForWebPages(scope) }));

function Scopes({ error, isInPages }: { error: string | undefined; isInPages: boolean }) {
  return (
    <fieldset>
      <legend className="mb-1 text-ui font-medium">May do</legend>
      {scopesFor(isInPages).map(({ scope, words, isOff }) => (
        <Checkbox
          // What is not for web pages is unticked, and ticked again with the way back.
          key={`${scope} ${isOff}`}
          name="scopes"
          value={scope}
          defaultChecked={!isOff}
          disabled={isOff}
          aria-invalid={error ? true : undefined}
          label={
            <>
              {words} <span className="font-mono text-meta text-text-faint">{scope}</span>
            </>
          }
        />
      ))}
      <p className="min-h-4 text-meta text-bad">{error}</p>
    </fieldset>
  );
}

type RestrictionsProps = { models: readonly string[]; result: ActionResult<NewKey> | undefined };

/** Folded away, because most keys need none; opens when something in it was refused. */
function Restrictions({ models, result }: RestrictionsProps) {
  const addressError = errorOf(result, "addresses");
  const modelError = errorOf(result, "models");
  return (
    <details
      open={Boolean(addressError ?? modelError) || undefined}
      className="rounded-control border border-line px-3 py-2"
    >
      <summary className="rounded-small text-ui font-medium">Restrict models and addresses</summary>
      <div className="flex flex-col gap-3 pt-3">
        <fieldset>
          <legend className="mb-1 text-ui font-medium">Models</legend>
          <div className="max-h-40 overflow-y-auto">
            {models.map((model) => (
              <Checkbox
                key={model}
                name="models"
                value={model}
                label={<span className="font-mono text-meta">{model}</span>}
              />
            ))}
          </div>
          <p className={`min-h-4 text-meta ${modelError ? "text-bad" : "text-text-faint"}`}>
            {modelError ?? "None ticked: every model of the workspace."}
          </p>
        </fieldset>
        <TextareaField
          label="Addresses"
          name="addresses"
          mono
          rows={2}
          spellCheck={false}
          placeholder="203.0.113.0/24"
          help="One address or range a line. Empty: from anywhere."
          error={addressError}
        />
      </div>
    </details>
  );
}
