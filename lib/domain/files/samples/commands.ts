import { command } from "#lib/core/command.ts";
import { keepFile } from "#lib/domain/files/commands.ts";
import { discardContent, receiveContent } from "#lib/domain/files/contents/commands.ts";
import { keepInput } from "#lib/domain/files/input.ts";
import type { StoredFile } from "#lib/domain/files/view.ts";
import { sampleName, sampleText } from "./rules.ts";

/** Puts the sample data set among the files of a workspace; done again, it is the file that is there. */
export const keepSample = command({
  can: "files.write",
  within: "workspace",
  run: async (ctx): Promise<StoredFile> => {
    const received = await receiveContent(ctx, [Buffer.from(sampleText())], "fine-tune");
    try {
      return await keepFile(ctx, keepInput.parse({ file: sampleName }), received);
    } catch (error) {
      await discardContent(ctx, received);
      throw error;
    }
  },
});
