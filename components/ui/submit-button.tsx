"use client";

import type { ReactNode } from "react";
import { useFormStatus } from "react-dom";
import { Button } from "./button.tsx";
import type { ButtonLook } from "./button-look.ts";

type Props = ButtonLook & {
  children: ReactNode;
  name?: string;
  value?: string;
  autoFocus?: boolean;
  /** For forms that send by themselves (`useFormAction`); others know from their form. */
  pending?: boolean;
};

/** The button that sends its form: never disabled beforehand, a spinner beside the same label while under way. */
export function SubmitButton({ emphasis = "primary", pending = false, children, ...rest }: Props) {
  const isSending = useFormStatus().pending || pending;
  return (
    <Button
      type="submit"
      emphasis={emphasis}
      pending={isSending}
      // A second click while the first is under way would send the form twice.
      onClick={(event) => isSending && event.preventDefault()}
      {...rest}
    >
      {children}
    </Button>
  );
}
