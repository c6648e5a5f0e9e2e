import type { ComponentProps } from "react";
import { classes } from "./classes.ts";
import { controlLook } from "./control-look.ts";

type Props = { mono?: boolean } & Omit<ComponentProps<"textarea">, "className" | "style">;

/** Long texts can be content. A browser keeps none that are not to be completed in its session files. */
export function Textarea({ mono = false, rows = 3, ...rest }: Props) {
  return (
    <textarea
      rows={rows}
      autoComplete="off"
      {...rest}
      className={classes(controlLook, "block resize-y py-1.5", mono && "font-mono text-ui")}
    />
  );
}
