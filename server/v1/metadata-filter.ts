import { z } from "zod";
import { isTooDeep } from "#lib/core/json-depth.ts";

/** Metadata to look for, in a query. */
export const metadataFilter = z
  .string()
  .transform((text, issue): Record<string, unknown> => {
    if (isTooDeep(text)) {
      issue.addIssue({ code: "custom", message: "The metadata to look for is nested too deep." });
      return z.NEVER;
    }
    try {
      const found: unknown = JSON.parse(text);
      if (typeof found === "object" && found !== null && !Array.isArray(found)) return { ...found };
    } catch {
      // Told below, as what is no object is.
    }
    issue.addIssue({ code: "custom", message: "Give the metadata to look for as a JSON object." });
    return z.NEVER;
  })
  .describe("A JSON object; what has metadata that contain it is found.");
