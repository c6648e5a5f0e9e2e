import { Lock } from "lucide-react";
import { buttonLook } from "./button-look.ts";
import { Tooltip } from "./tooltip.tsx";

type Props = {
  /** What the control would do: "Create key". */
  label: string;
  /** Why it does not, and who can change that. */
  reason: string;
  size?: "small" | "normal";
};

/** A control somebody may not use: it stays where it is, can be focused, and says why and whom to ask. */
export function Denied({ label, reason, size = "normal" }: Props) {
  return (
    <Tooltip text={reason}>
      <button type="button" aria-disabled="true" aria-description={reason} className={buttonLook({ size })}>
        <Lock aria-hidden="true" className="size-3.5 text-text-faint" />
        {label}
      </button>
    </Tooltip>
  );
}
