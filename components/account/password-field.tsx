"use client";

import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";

type Props = {
  label: string;
  name: string;
  autoComplete: "current-password" | "new-password";
  help?: string;
  error?: string | undefined;
};

/** A password, hidden until its reader wants to see what they type. */
export function PasswordField({ label, name, autoComplete, help, error }: Props) {
  const [isShown, setShown] = useState(false);
  const Icon = isShown ? EyeOff : Eye;
  return (
    <Field label={label} help={help} error={error}>
      {(control) => (
        <span className="relative block [&_input]:pr-10">
          <Input
            {...control}
            name={name}
            type={isShown ? "text" : "password"}
            autoComplete={autoComplete}
            autoCapitalize="none"
            spellCheck={false}
            maxLength={200}
            required
          />
          <button
            type="button"
            onClick={() => setShown(!isShown)}
            aria-pressed={isShown}
            aria-label="Show what is typed"
            className="absolute inset-y-0 right-0 flex w-10 items-center justify-center rounded-control text-text-faint hover:text-text"
          >
            <Icon aria-hidden="true" className="size-4" />
          </button>
        </span>
      )}
    </Field>
  );
}
