import { answer } from "#app/(console)/[workspace]/logs/file.ts";

export const GET = answer("csv");
