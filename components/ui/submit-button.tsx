"use client";

import type { ReactNode } from "react";
import { useFormStatus } from "react-dom";
import { Button } from "./button.tsx";
import type { ButtonLook } from "./button-look.ts";

type Props = ButtonLook & { children: ReactNode; name?: string; value?: string; autoFocus?: boolean };

/** The button that sends its form: never disabled beforehand, a spinner beside the same label while under way. */
export function SubmitButton({ emphasis = "primary", children, ...rest }: Props) {
  const { pending } = useFormStatus();
  return (
    <Button
      type="submit"
      emphasis={emphasis}
      pending={pending}
      // A second click while the first is under way would send the form twice.
      onClick={(event) => pending && event.preventDefault()}
      {...rest}
    >
      {children}
    </Button>
  );
}
