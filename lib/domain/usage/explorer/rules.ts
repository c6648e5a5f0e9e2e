import type { Figures } from "#lib/domain/usage/rules.ts";

export const none: Figures = {
  requests: 0,
  failed: 0,
  promptTokens: 0,
  cachedTokens: 0,
  completionTokens: 0,
  costPico: 0n,
};

const combined = (a: Figures, b: Figures, sign: 1 | -1): Figures => ({
  requests: a.requests + sign * b.requests,
  failed: a.failed + sign * b.failed,
  promptTokens: a.promptTokens + sign * b.promptTokens,
  cachedTokens: a.cachedTokens + sign * b.cachedTokens,
  completionTokens: a.completionTokens + sign * b.completionTokens,
  costPico: a.costPico + BigInt(sign) * b.costPico,
});

export const plus = (a: Figures, b: Figures): Figures => combined(a, b, 1);
export const minus = (a: Figures, b: Figures): Figures => combined(a, b, -1);
export const sumOf = (all: readonly Figures[]): Figures => all.reduce(plus, none);

export const isNothing = ({ requests }: Figures): boolean => requests === 0;
