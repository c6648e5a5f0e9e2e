import type { ReactNode } from "react";
import { Field } from "./field.tsx";
import { Input } from "./input.tsx";
import { OnceDialog } from "./once-dialog.tsx";

type Props = {
  title: string;
  description: string;
  /** What the secret is called, such as "Key", and what is said below it. */
  label: string;
  help: string;
  /** The word on the button that copies it. */
  copy: string;
  hint: string;
  secret: string;
  before?: ReactNode;
  after?: ReactNode;
  onClose: () => void;
};

/** A secret of one line, shown once. */
export function SecretDialog({ label, help, secret, before, ...frame }: Props) {
  return (
    <OnceDialog {...frame} size="wide" text={secret} done="I have stored it">
      {before}
      <Field label={label} help={help}>
        {(control) => (
          <Input
            {...control}
            mono
            readOnly
            data-first-focus
            autoComplete="off"
            spellCheck={false}
            value={secret}
            onFocus={(event) => event.currentTarget.select()}
          />
        )}
      </Field>
    </OnceDialog>
  );
}
