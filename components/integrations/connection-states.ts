import type { Tone } from "#components/ui/notice.tsx";
import type { ConnectorRule } from "#lib/core/connectors.ts";
import type { AttemptOutcome, ConnectionState } from "#lib/domain/connections/rules.ts";
import type { ConnectionAttemptView } from "#lib/domain/connections/view.ts";

type Word = { tone: Tone; word: string };

const states: Record<ConnectionState, Word> = {
  pending: { tone: "info", word: "Sign-in not finished" },
  connected: { tone: "good", word: "Connected" },
  failing: { tone: "warn", word: "Failing" },
  needs_reconnect: { tone: "bad", word: "Needs reconnect" },
  paused: { tone: "neutral", word: "Paused" },
  ending: { tone: "neutral", word: "Disconnecting" },
  disconnected: { tone: "neutral", word: "Disconnected" },
};

type Standing = { state: ConnectionState; isBlocked: boolean; pausedReason: string | null };

/** How a connection does, in words that hide nothing: what is blocked or given up is not called connected. */
export function connectionWord({ state, isBlocked, pausedReason }: Standing): Word {
  if (state !== "disconnected" && isBlocked) return { tone: "bad", word: "Blocked" };
  return state === "paused" && pausedReason ? { tone: "bad", word: "Given up" } : states[state];
}

export const outcomeWords: Record<AttemptOutcome, Word> = {
  ok: { tone: "good", word: "Taken" },
  failing: { tone: "warn", word: "Failed" },
  needs_reconnect: { tone: "bad", word: "Refused" },
};

export const attemptWords: Record<ConnectionAttemptView["kind"], string> = {
  event: "Event",
  test: "Test",
  refresh: "Token renewed",
  report: "Fine-tuning report",
  export: "Export",
};

export const ruleWords: Record<ConnectorRule, { word: string; help: string }> = {
  allowed: { word: "Allowed", help: "Developers and workspace admins connect it for their workspace." },
  restricted: { word: "Restricted", help: "Only organization admins connect it. What is connected goes on." },
  blocked: { word: "Blocked", help: "No one connects it, and nothing is sent from this moment on." },
};
