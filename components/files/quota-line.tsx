import { type FileUse, percentUsed } from "#lib/domain/files/quota/rules.ts";
import { grouped, sizeWords } from "./file-words.ts";

/** How much of the room for files is taken. */
export function QuotaLine({ use }: { use: FileUse }) {
  const files = use.filesMax === null ? "" : ` of ${grouped(use.filesMax)}`;
  return (
    <p className="text-ui text-text-soft">
      Your organization keeps {grouped(use.files)}
      {files} {use.files === 1 && use.filesMax === null ? "file" : "files"}, {sizeWords(use.bytes)} of{" "}
      {sizeWords(use.bytesMax)} ({percentUsed(use)} %). Files that are not used expire after 30 days.
    </p>
  );
}
