import { z } from "zod";
import { type Id, type IdKind, isId } from "#db/id.ts";

/** An id of one kind, as forms and programs send it; its metadata name the kind. */
export const idField = <K extends IdKind>(kind: K, message = "There is nothing with this id.") =>
  z
    .string(message)
    .refine((text): text is Id<K> => isId(kind, text), message)
    .meta({ kind });
