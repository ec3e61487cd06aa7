// Pages that are written down already, shown as the server would: with its policy, and with its style sheet and scripts, each
// asked of it once. From a server of their own, since a browser whose requests are answered for it keeps nothing of them.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { neighbours } from "./chromium.mjs";

/** Serves a folder's files of pages below `/samples/`, all else as `base` does; gives the address and what ends it. */
export async function still(folder, base) {
  const start = await fetch(`${base}/`);
  const policy = start.headers.get("content-security-policy").replaceAll(/'nonce-[^']*'/g, "'nonce-c2FtcGxl'");
  const assets = /"(\/assets\/[^/"]+)\/app\.css"/.exec(await start.text())[1];
  const asked = new Map();
  const ask = async (url) => {
    const answer = await fetch(new URL(url, base), { redirect: "manual" });
    const kept = ["content-type", "cache-control"].filter((name) => answer.headers.has(name));
    const headers = Object.fromEntries(kept.map((name) => [name, answer.headers.get(name)]));
    return { status: answer.status, headers, body: Buffer.from(await answer.arrayBuffer()) };
  };
  const answer = async ({ method, url }) => {
    // What breaks the policy is reported here; the page's console says it too, and there it counts.
    if (method !== "GET") return { status: 204, headers: {}, body: "" };
    if (!url.startsWith("/samples/")) {
      if (!asked.has(url)) asked.set(url, ask(url));
      return asked.get(url);
    }
    const file = path.join(folder, path.basename(decodeURIComponent(url)));
    const body = (await readFile(file, "utf8")).replaceAll('"assets/', `"${assets}/`);
    return { status: 200, headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": policy }, body };
  };
  const server = createServer((request, response) => {
    answer(request).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      (error) => response.writeHead(500).end(error.message),
    );
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${server.address().port}`;
  neighbours.add(address);
  const close = () => {
    neighbours.delete(address);
    server.closeAllConnections();
    server.close();
  };
  return { address, close };
}
