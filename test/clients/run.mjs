// Points the official packages at the built server, with the fault lab behind it:
//   npm run build && npm ci --prefix test/clients && node test/clients/run.mjs
import { anthropicChecks } from './anthropic.mjs';
import { groqChecks } from './groq.mjs';
import { openGround } from './ground.mjs';
import { openaiChecks } from './openai.mjs';
import { opentelemetryChecks } from './opentelemetry.mjs';
import { snippetChecks } from './snippets.mjs';
import { surfaceChecks } from './surface.mjs';

const ground = await openGround();
let failed = 0;

async function runAll(title, checks) {
  console.log(`\n${title}`);
  for (const [sentence, check] of Object.entries(checks)) {
    try {
      await check();
      console.log(`  ok    ${sentence}`);
    } catch (error) {
      failed += 1;
      console.log(`  FAIL  ${sentence}\n        ${error.stack.replaceAll('\n', '\n        ')}`);
    }
  }
}

try {
  await runAll('openai, at /v1', openaiChecks(ground));
  await runAll('openai beyond chats, at /v1', surfaceChecks(ground));
  await runAll('@anthropic-ai/sdk, at /', anthropicChecks(ground));
  await runAll('groq-sdk, at /', groqChecks(ground, ground.url));
  await runAll('@opentelemetry', opentelemetryChecks());
  await runAll('the examples of README and docs', snippetChecks(ground));
  await runAll('groq-sdk, at /v1', groqChecks(ground, `${ground.url}/v1`));
} finally {
  await ground.close();
}
console.log(failed === 0 ? '\nAll of it works.' : `\n${failed} failed.`);
process.exitCode = failed === 0 ? 0 : 1;
