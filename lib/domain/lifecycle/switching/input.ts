import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";
import { modelName } from "#lib/domain/lifecycle/input.ts";

export const switchInput = z.object({ agent: idField("agent"), model: modelName });
