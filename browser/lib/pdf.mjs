// The words of a PDF as this service writes it, so that what a document says can be looked for like what a page says.
// It reads what these documents are made of and nothing else: deflated streams, fonts with a table to Unicode.
import { inflateSync } from "node:zlib";

/** The text of a PDF, its white space as single spaces. */
export function words(bytes) {
  const objects = read(bytes);
  const referred = (text, name) => [...(new RegExp(`/${name} ?(\\[[^\\]]*\\]|\\d+ 0 R)`).exec(text)?.[1] ?? "").matchAll(/(\d+) 0 R/g)].map(([, number]) => number);
  const pages = [...objects.values()].map(({ head }) => head).filter((head) => /\/Type\s*\/Page[^s]/.test(head));
  const said = pages.map((page) => {
    // A page names its fonts by itself: the same name is another font on the next one.
    const resources = objects.get(referred(page, "Resources")[0])?.head ?? page;
    const fonts = new Map();
    for (const [, name, number] of (/\/Font\s*<<([^>]*)>>/.exec(resources)?.[1] ?? "").matchAll(/\/(\w+) (\d+) 0 R/g)) {
      const [table] = referred(objects.get(number)?.head ?? "", "ToUnicode");
      if (table) fonts.set(name, letters(objects.get(table).stream));
    }
    return referred(page, "Contents").map((number) => shown(objects.get(number).stream, fonts)).join(" ");
  });
  return said.join(" ").replace(/\s+/g, " ");
}

/** Every object by its number: its dictionary, and its stream where it has one. */
function read(bytes) {
  const text = bytes.toString("latin1");
  const objects = new Map();
  for (const match of text.matchAll(/(?:^|[\r\n])(\d+) 0 obj/g)) {
    const start = match.index + match[0].length;
    const end = text.indexOf("endobj", start);
    const at = text.indexOf("stream", start);
    const head = text.slice(start, at > 0 && at < end ? at : end);
    let stream = "";
    if (head.length < end - start) {
      const from = at + (text[at + 6] === "\r" ? 8 : 7);
      const length = Number(/\/Length (\d+)/.exec(head)?.[1]);
      const held = bytes.subarray(from, from + length);
      stream = (/\/FlateDecode/.test(head) ? inflateSync(held) : held).toString("latin1");
    }
    objects.set(match[1], { head, stream });
  }
  return objects;
}

const hex = (digits) => String.fromCodePoint(...(digits.match(/.{4}/g) ?? []).map((four) => Number.parseInt(four, 16))).normalize();

/** A font's table: which letters a code stands for. */
function letters(table) {
  const found = new Map();
  for (const [, list] of table.matchAll(/beginbfchar([^]*?)endbfchar/g)) {
    for (const [, code, to] of list.matchAll(/<(\w+)>\s*<(\w+)>/g)) found.set(Number.parseInt(code, 16), hex(to));
  }
  for (const [, list] of table.matchAll(/beginbfrange([^]*?)endbfrange/g)) {
    for (const [, first, last, to] of list.matchAll(/<(\w+)>\s*<(\w+)>\s*<(\w+)>/g)) {
      const [from, until, letter] = [first, last, to].map((digits) => Number.parseInt(digits, 16));
      for (let code = from; code <= until; code += 1) found.set(code, String.fromCodePoint(letter + code - from));
    }
  }
  return found;
}

const ESCAPED = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

/** A string from its bracket on, brackets within it in pairs: its bytes, and where it ends. */
function string(content, start) {
  if (content[start] === "<") {
    const end = content.indexOf(">", start);
    const bytes = content.slice(start + 1, end).match(/../g) ?? [];
    return [bytes.map((two) => String.fromCharCode(Number.parseInt(two, 16))).join(""), end + 1];
  }
  let text = "";
  let depth = 0;
  for (let at = start; at < content.length; at += 1) {
    const one = content[at];
    if (one === "\\") {
      const octal = /^[0-7]{1,3}/.exec(content.slice(at + 1, at + 4))?.[0];
      text += octal ? String.fromCharCode(Number.parseInt(octal, 8)) : (ESCAPED[content[at + 1]] ?? content[at + 1]);
      at += octal?.length ?? 1;
      continue;
    }
    depth += one === "(" ? 1 : one === ")" ? -1 : 0;
    if (depth === 0) return [text, at + 1];
    if (at > start) text += one;
  }
  return [text, content.length];
}

/** What a page's content shows, in its order. */
function shown(content, fonts) {
  const lines = [];
  let [font, codes, at] = [new Map(), "", 0];
  while (at < content.length) {
    if (content[at] === "(" || (content[at] === "<" && content[at + 1] !== "<" && content[at - 1] !== "<")) {
      const [text, end] = string(content, at);
      codes += text;
      at = end;
      continue;
    }
    const word = /^(?:\/(\w+) [\d.]+ Tf|T[jJ])(?!\w)/.exec(content.slice(at, at + 40));
    if (word?.[1]) font = fonts.get(word[1]) ?? font;
    if (word && !word[1]) {
      let line = "";
      for (let two = 0; two + 1 < codes.length; two += 2) line += font.get(codes.charCodeAt(two) * 256 + codes.charCodeAt(two + 1)) ?? "";
      lines.push(line);
      codes = "";
    }
    // Names and strings of marks are not shown: what stands before another operator is forgotten.
    if (/^(?:BDC|BMC|EMC|BT|ET)(?!\w)/.test(content.slice(at, at + 4))) codes = "";
    at += word ? word[0].length : 1;
  }
  return lines.join(" ");
}
