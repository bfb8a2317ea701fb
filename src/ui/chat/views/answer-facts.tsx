import { count, duration } from '../../shared/format.ts';
import { Icon } from '../../shared/icons.tsx';
import { tokensPerSecond } from '../../shared/numbers.ts';
import type { Answer } from '../conversation/conversation.ts';
import { trailSentences } from '../conversation/trail.ts';
import { shortName } from '../models.ts';

/** Who answered, how fast, and who could not. */
export function AnswerFacts({ answer }: { readonly answer: Answer }) {
  const { servedBy, promptTokens, answerTokens, firstMs } = answer;
  const speed = speedOf(answer);
  const tried = trailSentences(answer);
  return (
    <div class="facts">
      {tried.length > 0 && (
        <p class="rescue">
          <Icon name="seam" />
          <span>{tried.join('; ')}.</span>
        </p>
      )}
      <ul class="numbers">
        {servedBy && <li title={servedBy}>{shortName(servedBy)}</li>}
        {firstMs !== undefined && <li title="Until the first word">{duration(firstMs)}</li>}
        {answerTokens !== undefined && (
          <li title={`${count(promptTokens ?? 0)} tokens were asked with`}>
            {count(answerTokens)} tokens
          </li>
        )}
        {speed !== undefined && <li>{count(speed)} tokens/s</li>}
      </ul>
    </div>
  );
}

function speedOf({ answerTokens, firstMs, tookMs }: Answer): number | undefined {
  if (answerTokens === undefined || firstMs === undefined || tookMs === undefined) return undefined;
  return tokensPerSecond(answerTokens, tookMs - firstMs);
}
