// A real identity provider beside the server under test, on a port of its own: it asks for a name and nothing else, and
// gives each account the claims that the journey wrote down.
import { createServer } from "node:http";
import Provider from "oidc-provider";
import { neighbours } from "./chromium.mjs";

const CLIENT = { id: "placewell", secret: "a secret between the two of them" };

/** Starts a provider for one server; `accounts` maps a name to its claims. */
export async function identityProvider(base, accounts) {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [`${base}/sign-in/callback`],
        post_logout_redirect_uris: [`${base}/`],
      },
    ],
    cookies: { keys: ["a key for this run alone"] },
    claims: { openid: ["sub", "auth_time"], email: ["email", "email_verified"], profile: ["name", "roles"] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, id) => (accounts[id] ? { accountId: id, claims: () => ({ sub: id, ...accounts[id] }) } : undefined),
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope("openid email profile");
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  server.on("request", async (request, response) => {
    if (!request.url.startsWith("/interaction/")) return answer(request, response);
    if (request.method === "GET") {
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end(
        '<!doctype html><html lang="en"><title>Invented provider</title><main><h1>Invented provider</h1>' +
          '<form method="post"><label>Name <input name="login"></label><button>Sign in</button></form></main></html>',
      );
      return undefined;
    }
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const login = new URLSearchParams(Buffer.concat(chunks).toString()).get("login");
    return provider.interactionFinished(request, response, { login: { accountId: login } }, { mergeWithLastSubmission: false });
  });
  neighbours.add(issuer);
  const close = () => {
    neighbours.delete(issuer);
    server.closeAllConnections();
    server.close();
  };
  return { issuer, client: CLIENT, close };
}
