import type { Tone } from "#components/ui/notice.tsx";
import { formatEuros, formatSum } from "#lib/core/money.ts";
import { exceeds, type LimitStanding, readLimit } from "#lib/domain/limits/rules.ts";

/** What a limit is set against: how its thing stands, and what is above it. */
export type Facts = {
  standing: Pick<LimitStanding, "scope" | "period" | "limitPico" | "settledPico">;
  /** The organization's limit, for a workspace. */
  above: bigint | null;
  /** "1 December": when what is spent counts from nothing again; null for a lifetime. */
  resets: string | null;
};

export type Preview = { tone: Tone; text: string } | null;

/** What saving a typed limit would do, for a person to read before they do it. Null while there is nothing to say. */
export function previewOf(typed: string, { standing, above, resets }: Facts): Preview {
  const read = readLimit(typed);
  if (!read.ok || read.limitPico === standing.limitPico) return null;
  const asked = read.limitPico;
  if (asked === null) return { tone: "warn", text: unlimitedWords(above) };
  if (exceeds(asked, above)) {
    return {
      tone: "bad",
      text: `The organization's limit is ${formatEuros(above ?? 0n)}; a workspace cannot have more.`,
    };
  }
  const until = resets ? `until ${resets} or a raise` : "until a raise";
  if (asked === 0n) return { tone: "bad", text: `With a limit of €0.00, every request is refused at once, ${until}.` };
  if (standing.settledPico >= asked) {
    return {
      tone: "bad",
      text: `${formatSum(standing.settledPico)} is already spent: requests will be refused ${until}.`,
    };
  }
  return {
    tone: "neutral",
    text: `${formatSum(asked - standing.settledPico)} will be left${resets ? ` until ${resets}` : ""}.`,
  };
}

const unlimitedWords = (above: bigint | null): string =>
  above === null
    ? "No limit: nothing stops spending here."
    : `No limit of its own: only the organization's, ${formatEuros(above)}, stops spending here.`;

/** Whether saving would stop requests. */
export const isStop = (preview: Preview): boolean => preview?.tone === "bad";
