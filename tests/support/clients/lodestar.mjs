// SPDX-License-Identifier: Apache-2.0
// Lodestar's own validator store, with a remote signer: `node lodestar.mjs MODULES URL NETWORK`.
// A line on standard input is a list of duties, {type, key, slot, fields}, which are signed at once;
// the line in answer has for each {fields, signature}, with the fields as Lodestar signed them, or
// {error}. NETWORK: {genesis_validators_root, config}. The first line out: the keys of the signer.
import { createInterface } from "node:readline";
import { join } from "node:path";

const [modules, url, network] = process.argv.slice(2);
const load = (name) => import(join(modules, "node_modules", name, "lib/index.js"));
const { SLOTS_PER_EPOCH } = await load("@lodestar/params");
const { ssz } = await load("@lodestar/types");
const { createIBeaconConfig, chainConfigFromJson } = await load("@lodestar/config");
const { SignerType, ValidatorStore, externalSignerGetKeys } = await load("@lodestar/validator");

const bytes = (hex) => Buffer.from(hex.slice(2), "hex");
const given = JSON.parse(network);
const config = createIBeaconConfig(
  chainConfigFromJson(given.config),
  bytes(given.genesis_validators_root),
);
// Its own protection lets all pass, so that what is refused is refused by the signer.
const letsPass = { checkAndInsertBlockProposal() {}, checkAndInsertAttestation() {} };
const keys = await externalSignerGetKeys(url);
const signers = keys.map((pubkey) => ({ type: SignerType.Remote, pubkey, url }));
const proposers = { defaultConfig: {}, proposerConfig: {} };
const store = new ValidatorStore(config, letsPass, {}, null, null, signers, proposers);

const duty = (key, data, more = {}) => ({
  pubkey: bytes(key),
  slot: data.slot,
  committeeIndex: data.index,
  committeeLength: 1,
  validatorCommitteeIndex: 0,
  ...more,
});

const sign = {
  async BLOCK_V2(key, slot, fields) {
    const header = ssz.phase0.BeaconBlockHeader.fromJson(fields);
    const block = { ...header, body: ssz.deneb.BeaconBlockBody.defaultValue() };
    block.body.graffiti = header.bodyRoot; // a body of its own for each root
    const { message, signature } = await store.signBlock(bytes(key), block, slot);
    header.bodyRoot = ssz.deneb.BeaconBlockBody.hashTreeRoot(message.body);
    return [ssz.phase0.BeaconBlockHeader.toJson(header), signature];
  },
  async ATTESTATION(key, _, fields) {
    const data = ssz.phase0.AttestationData.fromJson(fields);
    const signed = await store.signAttestation(duty(key, data), data, data.target.epoch);
    return [ssz.phase0.AttestationData.toJson(signed.data), signed.signature];
  },
  async RANDAO_REVEAL(key, slot) {
    const epoch = String(Math.floor(slot / SLOTS_PER_EPOCH));
    return [{ epoch }, await store.signRandao(bytes(key), slot)];
  },
  async VOLUNTARY_EXIT(key, _, fields) {
    const { epoch, validatorIndex } = ssz.phase0.VoluntaryExit.fromJson(fields);
    const { message, signature } = await store.signVoluntaryExit(key, validatorIndex, epoch);
    return [ssz.phase0.VoluntaryExit.toJson(message), signature];
  },
  async AGGREGATION_SLOT(key, slot, fields) {
    return [fields, await store.signAttestationSelectionProof(bytes(key), Number(fields.slot))];
  },
  async AGGREGATE_AND_PROOF(key, _, fields) {
    const { aggregatorIndex, aggregate, selectionProof } =
      ssz.phase0.AggregateAndProof.fromJson(fields);
    const mine = duty(key, aggregate.data, { validatorIndex: aggregatorIndex });
    const signed = await store.signAggregateAndProof(mine, selectionProof, aggregate);
    return [ssz.phase0.AggregateAndProof.toJson(signed.message), signed.signature];
  },
  async SYNC_COMMITTEE_MESSAGE(key, _, fields) {
    const root = bytes(fields.beacon_block_root);
    const signed = await store.signSyncCommitteeSignature(bytes(key), 0, Number(fields.slot), root);
    return [fields, signed.signature];
  },
  async SYNC_COMMITTEE_SELECTION_PROOF(key, _, fields) {
    const { slot, subcommitteeIndex } = ssz.altair.SyncAggregatorSelectionData.fromJson(fields);
    return [fields, await store.signSyncCommitteeSelectionProof(bytes(key), slot, subcommitteeIndex)];
  },
  async SYNC_COMMITTEE_CONTRIBUTION_AND_PROOF(key, _, fields) {
    const { aggregatorIndex, contribution, selectionProof } =
      ssz.altair.ContributionAndProof.fromJson(fields);
    const mine = { pubkey: bytes(key), validatorIndex: aggregatorIndex };
    const signed = await store.signContributionAndProof(mine, selectionProof, contribution);
    return [ssz.altair.ContributionAndProof.toJson(signed.message), signed.signature];
  },
  async VALIDATOR_REGISTRATION(key, slot, fields) {
    const attributes = { feeRecipient: fields.fee_recipient, gasLimit: Number(fields.gas_limit) };
    const signed = await store.getValidatorRegistration(bytes(key), attributes, slot);
    const { message, signature } = signed;
    return [ssz.bellatrix.ValidatorRegistrationV1.toJson(message), signature];
  },
};

async function answer({ type, key, slot, fields }) {
  try {
    const [asSigned, signature] = await sign[type](key, slot, fields);
    return { fields: asSigned, signature: "0x" + Buffer.from(signature).toString("hex") };
  } catch (error) {
    return { error: error.message };
  }
}

console.log(JSON.stringify(keys));
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await Promise.all(JSON.parse(line).map(answer))));
}
