import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";

export const trainingCreditInput = z.object({ organizationId: idField("organization"), job: idField("tuningJob") });
