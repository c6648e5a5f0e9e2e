import type { Permission } from "#lib/core/access/permissions.ts";
import type { Context } from "#lib/core/context.ts";
import type { Place } from "#lib/testing/world.ts";
import { administration } from "./administration.ts";
import { batch } from "./batch.ts";
import { billing } from "./billing.ts";
import { building } from "./building.ts";
import { connecting } from "./connecting.ts";
import { contract } from "./contract.ts";
import { filing } from "./filing.ts";
import { helping } from "./helping.ts";
import { tuned } from "./tuned.ts";
import { tuning } from "./tuning.ts";
import { work } from "./work.ts";

/** Something a person may try, on something that lies in a place of theirs or of others. */
export type Operation = {
  can: Permission;
  /** Where what it names has to lie; nowhere when it names nothing. */
  within?: "organization" | "workspace";
  /** Refused with "forbidden" for another reason too, such as whose key it is. */
  isChoosy?: boolean;
  /** Answers "none" or nothing about what is not there, instead of refusing. */
  isQuiet?: boolean;
  run: (ctx: Context, place: Place) => Promise<unknown>;
};

/** Every query about an organization or a workspace, by the name it is exported under. */
export const queryOperations: Record<string, Operation> = {
  ...administration,
  ...work,
  ...building,
  ...billing,
  ...helping,
  ...filing,
  ...tuning,
  ...tuned,
  ...batch,
  ...contract,
  ...connecting,
};
