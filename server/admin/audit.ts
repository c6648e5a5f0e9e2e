import { inOrganization } from "#lib/core/context.ts";
import { type ChainVerdict, verifyChain, verifyChains } from "#lib/domain/audit/commands.ts";
import { flawWords } from "#lib/domain/audit/rules.ts";
import { type Command, idOf, optional } from "./command.ts";

export const auditCommands: readonly Command[] = [
  {
    name: "audit verify",
    about: "Follows the chain of the audit log, of one organization or of all; names every row where it breaks.",
    options: { organization: optional("ID") },
    run: async (ctx, { organization }) => {
      const verdicts =
        organization !== undefined
          ? [await verifyChain(inOrganization(ctx, idOf("organization", organization)))]
          : await verifyChains(ctx);
      return {
        result: verdicts.map((verdict) => ({ ...verdict, holds: verdict.flaws.length === 0 })),
        failed: verdicts.some(({ flaws }) => flaws.length > 0),
        lines: verdicts.flatMap(linesOf),
      };
    },
  },
];

const linesOf = ({ organizationId, rows, hash, flaws }: ChainVerdict): string[] =>
  flaws.length === 0
    ? [`${organizationId}  holds up to row ${rows}, which has the hash ${hash}`]
    : flaws.map((flaw) => `${organizationId}  BROKEN: ${flawWords(flaw)}`);
