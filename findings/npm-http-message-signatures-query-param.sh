#!/bin/sh
# npm http-message-signatures 1.0.6: "@query-param" is signed with encodeURIComponent(), which leaves ! ' ( ) ~ as they are
#
# RFC 9421, section 2.2.8 encodes the value with the percent-encode set of HTML forms, in which these five are encoded too, so
# a signature over a parameter with one of them verifies only at a peer that encodes as the library does. Values of letters, digits and
# - . _ * are the same in both encodings.
#
# Output seen on 2026-11-28, Node 24.21.0:
#   ("@query-param";name="a") of ?a=x~(1)!
#   over "x~(1)!":         true
#   over "x%7E%281%29%21": false
#
# Needs Node and npm, and the npm registry. Exits with 1 if the behaviour changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >main.cjs <<'JS'
const { createHmac } = require("node:crypto");
const { httpbis, createSigner } = require("http-message-signatures");

async function main() {
  const { headers } = await httpbis.signMessage(
    { key: createSigner("secret", "hmac-sha256"), fields: ['"@query-param";name="a"'], params: [] },
    { method: "GET", url: "https://api.example.com/?a=x~(1)!", headers: {} },
  );
  const [, input] = /^sig=(.*)$/.exec(headers["Signature-Input"]);
  console.log(`${input} of ?a=x~(1)!`);
  for (const value of ["x~(1)!", "x%7E%281%29%21"]) {
    const base = `"@query-param";name="a": ${value}\n"@signature-params": ${input}`;
    const mac = createHmac("sha256", "secret").update(base).digest("base64");
    console.log(`${`over "${value}":`.padEnd(22)} ${headers.Signature === `sig=:${mac}:`}`);
  }
}
main();
JS
cat >expected <<'TEXT'
("@query-param";name="a") of ?a=x~(1)!
over "x~(1)!":         true
over "x%7E%281%29%21": false
TEXT
npm install --silent --no-audit --no-fund --prefix . http-message-signatures@1.0.6 structured-headers@2.0.3 >install.log 2>&1 || { cat install.log; exit 2; }
node main.cjs >actual
diff expected actual
