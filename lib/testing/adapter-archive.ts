const block = 512;

export type Packed = { path: string; content?: string | Buffer; type?: string; link?: string };

/** A tar archive as Python's `tarfile` writes it: an extended header before each file. */
export function tarOf(files: readonly Packed[]): Buffer {
  const parts = files.flatMap(({ path, content = "", type = "0", link = "" }) => {
    const bytes = Buffer.from(content);
    return [
      ...entry("./PaxHeaders/file", Buffer.from("30 mtime=1700000000.123456789\n"), "x"),
      ...entry(path, bytes, type, link),
    ];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

function entry(path: string, content: Buffer, type: string, link = ""): Buffer[] {
  const head = Buffer.alloc(block);
  head.write(path, 0);
  head.write("0000644\0", 100);
  head.write("0000000\0", 108);
  head.write("0000000\0", 116);
  head.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
  head.write("14000000000\0", 136);
  head.write("        ", 148);
  head.write(type, 156);
  head.write(link, 157);
  head.write("ustar\0", 257);
  head.write("00", 263);
  const sum = head.reduce((all, byte) => all + byte, 0);
  head.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const fill = (block - (content.length % block)) % block;
  return [head, content, Buffer.alloc(fill)];
}

/** What the worker keeps of a LoRA: an adapter among other files. */
export const adapterArchive = (text: string): Buffer =>
  tarOf([
    { path: "checkpoint", type: "5" },
    { path: "checkpoint/trainer_state.json", content: "{}" },
    { path: "checkpoint/optimizer.pt", content: Buffer.alloc(3000, 7) },
    { path: "checkpoint/adapter_config.json", content: '{"peft_type": "LORA", "r": 16}' },
    { path: "checkpoint/adapter_model.safetensors", content: text },
  ]);
