import { answer } from "#app/(console)/[workspace]/organization/audit/file.ts";

export const GET = answer("json");
