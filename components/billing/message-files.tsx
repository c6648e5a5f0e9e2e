import { FormFiles } from "#components/ui/file-field.tsx";
import { accepted, limitWords, messageLimits } from "#lib/domain/billing/disputes/files/rules.ts";

/** The files of a message about a dispute. */
export const MessageFiles = () => (
  <FormFiles label="Files" name="files" accept={accepted} hint="optional" help={limitWords} limits={messageLimits} />
);
