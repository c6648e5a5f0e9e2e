import { AppError } from "./errors.ts";
import { fileNameOf } from "./file-name.ts";
import { seal, sha256 } from "./secrets.ts";

/** A signed PDF as it is kept: sealed under a label. What is no PDF is refused. */
export async function sealedPdf(sent: File, label: string) {
  const bytes = Buffer.from(await sent.arrayBuffer());
  if (!bytes.subarray(0, 5).equals(Buffer.from("%PDF-")))
    throw new AppError("invalid", "The file is not a PDF.", { fields: { file: ["Choose a PDF."] } });
  return { fileName: fileNameOf(sent.name, "signed.pdf"), fileSha256: sha256(bytes), file: seal(bytes, label) };
}
