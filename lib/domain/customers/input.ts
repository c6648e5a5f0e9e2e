import { z } from "zod";
import { listInput } from "#lib/core/list/input.ts";
import { customerStates } from "./rules.ts";

/** What the address of the list of customers may say. */
export const customerFilter = listInput(["name", "since"], {
  state: z.enum(customerStates).optional().catch(undefined),
});
export type CustomerFilter = z.output<typeof customerFilter>;
