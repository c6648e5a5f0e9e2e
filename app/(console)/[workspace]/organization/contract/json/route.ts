import { answer } from "#app/(console)/[workspace]/organization/contract/file.ts";

export const GET = answer("json");
