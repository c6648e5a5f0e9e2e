import { classes } from "#components/ui/classes.ts";
import type { AgentColor } from "#lib/domain/agents/view.ts";

const grounds: Record<AgentColor, string> = {
  teal: "bg-agent-teal",
  blue: "bg-agent-blue",
  violet: "bg-agent-violet",
  pink: "bg-agent-pink",
  red: "bg-agent-red",
  amber: "bg-agent-amber",
  green: "bg-agent-green",
  slate: "bg-agent-slate",
};

const sizes = {
  small: "size-5 rounded-small text-meta",
  normal: "size-6 rounded-control text-ui",
  large: "size-8 rounded-control text-section",
} as const;

type Props = { name: string; color: AgentColor; size?: keyof typeof sizes };

/** The first letter of an agent's name on its colour. Its name stands beside it, so it is not read out. */
export function AgentAvatar({ name, color, size = "normal" }: Props) {
  return (
    <span
      aria-hidden="true"
      className={classes(
        "inline-flex shrink-0 items-center justify-center font-semibold text-on-accent select-none",
        grounds[color],
        sizes[size],
      )}
    >
      {[...name.trim()][0]?.toUpperCase()}
    </span>
  );
}
