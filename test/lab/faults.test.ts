import { expect } from 'vitest';
import { faults } from '../../tools/lab/faults/catalogue.ts';
import { test } from './fixture.ts';
import { connectionProofs } from './proofs/connection.ts';
import { cutProofs } from './proofs/cut.ts';
import { endingsProofs } from './proofs/endings.ts';
import { framingProofs } from './proofs/framing.ts';
import { garbageProofs } from './proofs/garbage.ts';
import type { Proof } from './proofs/proof.ts';
import { stallProofs } from './proofs/stall.ts';
import { statusProofs } from './proofs/status.ts';

const proofs: Readonly<Record<string, Proof>> = {
  ...statusProofs,
  ...connectionProofs,
  ...cutProofs,
  ...stallProofs,
  ...garbageProofs,
  ...framingProofs,
  ...endingsProofs,
};

test('every fault of the catalogue has its proof', () => {
  expect(Object.keys(proofs).sort()).toEqual(faults.map(({ name }) => name).sort());
});

for (const { name, sentence } of faults) {
  test(`${name}: ${sentence}`, async ({ lab }) => {
    const proof = proofs[name];
    expect(proof).toBeDefined();
    await proof?.(lab, `lab/${name}`);
  });
}
