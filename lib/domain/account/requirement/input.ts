import { z } from "zod";

export const requirementInput = z.object({
  required: z.enum(["on", "off"]).transform((word) => word === "on"),
});
