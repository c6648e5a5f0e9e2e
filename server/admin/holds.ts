import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";
import { heldPacks } from "#lib/domain/retention/holds/copies/queries.ts";
import { allHolds } from "#lib/domain/retention/holds/queries.ts";
import { unpack } from "#lib/gateway/metering/packs.ts";
import { type Command, parse, required } from "./command.ts";

const exportInput = z.object({ hold: idField("hold") });

export const holdCommands: readonly Command[] = [
  {
    name: "hold list",
    about: "Legal holds of all customers, those in force first.",
    options: {},
    run: async (ctx) => {
      const result = (await allHolds(ctx)).map(
        ({ id, organizationId, state, classes, reference, reviewOn, packs }) => ({
          id,
          organization: organizationId,
          state,
          classes,
          reference,
          reviewOn,
          packs,
        }),
      );
      const lines = result.map(({ id, state, organization, classes, reference, packs }) =>
        [id, state, organization, classes.join("+"), reference, `${packs} packs`].join("  "),
      );
      return { result, lines: lines.length > 0 ? lines : ["no holds"] };
    },
  },
  {
    name: "hold export",
    about: "Prints what a hold in force has kept of prompts and answers, a request a line in JSON, to be handed over.",
    options: { hold: required("hld_…") },
    run: async (ctx, options) => {
      const { hold } = parse(exportInput, options);
      const result: unknown[] = [];
      for await (const { hour, packed } of heldPacks(ctx, hold))
        for (const [id, said] of Object.entries(await unpack(packed))) result.push({ id, hour, ...said });
      return { result, lines: result.map((one) => JSON.stringify(one)) };
    },
  },
];
