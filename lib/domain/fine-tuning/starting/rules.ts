import type { Id } from "#db/id.ts";
import { permissionsOf, rolePermissions } from "#lib/core/access/roles.ts";
import { type OrganizationStatus, permissionsUnder } from "#lib/core/access/status.ts";
import { AppError } from "#lib/core/errors.ts";
import { publicLink } from "#lib/core/mail/letter.ts";
import { decimalString, formatEuros } from "#lib/core/money.ts";
import type { Shortage } from "#lib/domain/fine-tuning/money/commands.ts";

const words = { key: "API key", workspace: "workspace", organization: "organization" } as const;

type Asked = { workspaceId: Id<"workspace">; needed: bigint };

const linkTo = ({ scope }: Pick<Shortage, "scope">, { workspaceId }: Asked): string =>
  publicLink(`/${workspaceId}/limits#${scope}`);

/** What a limit leaves and a job needs, for people. */
export function shortageWords(short: Shortage, asked: Asked): string {
  const left = BigInt(short.limit) - BigInt(short.settled) - BigInt(short.held);
  return `The job may cost ${formatEuros(asked.needed)}, and the ${words[short.scope]}'s spend limit of ${formatEuros(BigInt(short.limit))} leaves ${formatEuros(left > 0n ? left : 0n)}. Raise the limit at ${linkTo(short, asked)}, then start the job.`;
}

/** The same for programs: the job stays where it is and can be started later. */
export const shortage = (short: Shortage, asked: Asked): AppError =>
  new AppError("limit_reached", shortageWords(short, asked), {
    code: "spend_limit_reached",
    details: {
      scope: short.scope,
      scope_id: short.scopeId,
      period: short.period,
      currency: "EUR",
      limit: decimalString(BigInt(short.limit)),
      spent: decimalString(BigInt(short.settled)),
      held: decimalString(BigInt(short.held)),
      needed: decimalString(asked.needed),
      adjust_url: linkTo(short, asked),
    },
  });

/** Who made a job, as things are now. */
export type Maker = {
  status: OrganizationStatus;
  /** Null: no member any more. */
  roles: readonly string[] | null;
  /** Of the key it was made with: whether it is still good for it; null where none was used. */
  isKeyGood: boolean | null;
};

/** A job that starts by itself does so with its maker's rights of then. */
export function mayStill({ status, roles, isKeyGood }: Maker): boolean {
  if (roles === null || isKeyGood === false) return false;
  return permissionsUnder(status, permissionsOf(rolePermissions, roles)).has("fine-tuning.write");
}
