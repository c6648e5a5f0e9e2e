const longest = 120;

/** The name of a file that was sent, without folders, signs that cannot be seen or turn the text, and at most 120 long. */
export function fileNameOf(sent: string, otherwise = "file"): string {
  const last = sent.normalize("NFC").split(/[\\/]/).at(-1) ?? "";
  const name = [...last.replace(/\p{C}/gu, "").trim()];
  if (name.length === 0) return otherwise;
  const ending = /\.[A-Za-z0-9]{1,8}$/.exec(name.join(""))?.[0] ?? "";
  return name.length <= longest ? name.join("") : name.slice(0, longest - ending.length).join("") + ending;
}

/** The header that makes a browser keep a file under its name, whatever signs it has, and never show it. */
export function attachmentHeader(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]/g, "_").replace(/["\\%]/g, "_");
  const exact = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
}
