"""The rival of our pages: the same rows on Django pages, with a session login, a tenant filter and a policy nonce."""
