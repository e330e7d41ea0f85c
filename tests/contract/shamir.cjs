// SPDX-License-Identifier: Apache-2.0
// Splits and combines by npm's `shamir-secret-sharing`, GF(2^8) with 0x11b:
// `node shamir.cjs MODULES <QUESTIONS >ANSWERS`. A question: ["split", secret, n, threshold] or
// ["combine", [share...]], all in hex. A share: its bytes, and its place as the last one.
"use strict";
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { join } = require("node:path");

const modules = createRequire(join(process.argv[2], "package.json"));
const { split, combine } = modules("shamir-secret-sharing");

const bytes = (text) => new Uint8Array(Buffer.from(text, "hex"));
const hex = (array) => Buffer.from(array).toString("hex");

async function answer([name, ...given]) {
  if (name === "split") return (await split(bytes(given[0]), given[1], given[2])).map(hex);
  if (name === "combine") return hex(await combine(given[0].map(bytes)));
  throw new Error(`no such question: ${name}`);
}

async function main() {
  const answers = [];
  for (const question of JSON.parse(readFileSync(0, "utf8"))) answers.push(await answer(question));
  process.stdout.write(JSON.stringify(answers));
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
