import type { ComponentProps, ReactNode } from "react";

type Props = {
  label: ReactNode;
  help?: ReactNode;
  kind?: "checkbox" | "radio";
  error?: string | undefined;
} & Omit<ComponentProps<"input">, "className" | "style" | "type" | "size">;

/** One choice with its words beside it; the whole line is the target. */
export function Checkbox({ label, help, kind = "checkbox", error, ...rest }: Props) {
  return (
    <label className="flex items-start gap-2.5 py-1 text-ui has-disabled:cursor-not-allowed has-disabled:text-text-faint">
      <input
        type={kind}
        {...rest}
        aria-invalid={error ? true : undefined}
        className="mt-0.5 size-4 shrink-0 accent-accent"
      />
      <span className="min-w-0">
        <span className="block">{label}</span>
        {help ? <span className="block text-meta text-text-faint">{help}</span> : null}
        {error ? <span className="block text-meta text-bad">{error}</span> : null}
      </span>
    </label>
  );
}
