import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";
import { listInput } from "#lib/core/list/input.ts";

export const heldMailFilter = listInput(["received"], {});
export type HeldMailFilter = z.output<typeof heldMailFilter>;

export const heldMailInput = z.object({ id: idField("mail", "There is no such letter.") });

export const takeMailInput = heldMailInput.extend({ userId: idField("user", "Choose for whom it is taken.") });
