import type { Joining, JoinRole } from "#lib/domain/domains/rules.ts";

/** What each way of joining is called, and does; `provider` is what the identity provider is called. */
export const joiningWords = (provider: string | null): Record<Joining, { label: string; help: string }> => ({
  off: { label: "Nobody joins by it", help: "People come by invitation only." },
  ask: { label: "People may join", help: "Whoever has a confirmed address there is offered to join after signing in." },
  auto: {
    label: "People join by themselves",
    help: provider
      ? `Whoever signs in with ${provider} is a member at once. Others are offered to join.`
      : "At once where people sign in through an identity provider. Here there is none, so they are offered to join.",
  },
});

export const joinRoleWords: Record<JoinRole, string> = {
  user: "User: models and playground",
  dev: "Developer: API keys as well",
  observability_viewer: "Observability viewer: usage and logs",
};
