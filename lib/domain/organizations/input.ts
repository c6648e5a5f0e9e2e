import { z } from "zod";

export const renameOrganizationInput = z.object({
  name: z.string().trim().min(1, "Enter the name of your organization.").max(100, "Use at most 100 characters."),
});
