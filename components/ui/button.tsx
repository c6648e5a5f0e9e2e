import type { ComponentProps, ReactNode } from "react";
import { type ButtonLook, buttonLook } from "./button-look.ts";
import { Spinner } from "./spinner.tsx";

type Props = ButtonLook & {
  children: ReactNode;
  /** Shows a spinner beside the label; the button stays focusable and keeps its width's words. */
  pending?: boolean;
} & Omit<ComponentProps<"button">, "className" | "style">;

export function Button({ emphasis, tone, size, stretch, pending = false, children, type = "button", ...rest }: Props) {
  const look = buttonLook({
    ...(emphasis && { emphasis }),
    ...(tone && { tone }),
    ...(size && { size }),
    ...(stretch && { stretch }),
  });
  return (
    <button type={type} aria-disabled={pending || undefined} {...rest} className={look}>
      {pending ? <Spinner /> : null}
      {children}
    </button>
  );
}
