// SPDX-License-Identifier: Apache-2.0
// Evaluates requests under IAM policies: `node simulate.cjs MODULES <QUESTIONS >ANSWERS`.
//
// QUESTIONS: {"policies": {name: policy}, "requests": [{principal, action, resource, account,
// context, identity: [name...], resourcePolicy: name or null}]}, principal null for anybody.
// ANSWERS: for each request "Allowed", "ExplicitlyDenied" or "ImplicitlyDenied". A request that
// can't be judged, or a part of which would be ignored, ends the program: none passes unread.
"use strict";
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { anonymousPrincipal, runSimulation } = createRequire(process.argv[2] + "/")(
    "@cloud-copilot/iam-simulate",
);

async function judge(request, policies) {
    const outcome = await runSimulation(
        {
            request: {
                principal: request.principal ?? anonymousPrincipal,
                action: request.action,
                resource: { resource: request.resource, accountId: request.account },
                contextVariables: request.context,
            },
            identityPolicies: request.identity.map((name) => ({ name, policy: policies[name] })),
            serviceControlPolicies: [],
            resourceControlPolicies: [],
            resourcePolicy: policies[request.resourcePolicy],
            permissionBoundaryPolicies:
                request.boundary && [{ name: request.boundary, policy: policies[request.boundary] }],
        },
        {},
    );
    if (outcome.resultType !== "single" || outcome.result.ignoredContextKeys.length > 0) {
        const { resultType, errors, result } = outcome;
        const why = JSON.stringify({ resultType, errors, ignored: result?.ignoredContextKeys });
        throw new Error(`${request.principal} ${request.action} ${request.resource}: ${why}`);
    }
    return outcome.overallResult;
}

// The simulator does not know a key with a free part after a colon. One that has it after a slash
// stands for it, which no policy here uses: both are compared as texts.
const CONTEXT = '"kms:EncryptionContext:';
const STAND_IN = '"aws:RequestTag/';

function understood(text) {
    if (text.includes(STAND_IN)) throw new Error(`${STAND_IN} stands for ${CONTEXT}`);
    return text.replaceAll(CONTEXT, STAND_IN);
}

async function main() {
    const { policies, requests } = JSON.parse(understood(readFileSync(0, "utf8")));
    const answers = [];
    for (const request of requests) answers.push(await judge(request, policies));
    process.stdout.write(JSON.stringify(answers));
}

main();
